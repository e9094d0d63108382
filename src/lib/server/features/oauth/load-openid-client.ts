export type OpenIdClient = typeof import('openid-client');

/** Loads the library on first use: most servers have no provider, and it costs startup time and memory. */
export const loadOpenIdClient = (): Promise<OpenIdClient> => import('openid-client');
