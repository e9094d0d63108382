export type OpenIdClient = typeof import('openid-client');

/** Loads the library when a provider is first contacted: most servers have none, and it costs them startup time and memory. */
export const loadOpenIdClient = (): Promise<OpenIdClient> => import('openid-client');
