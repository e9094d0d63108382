import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('unlinkOAuthAccount', ({ auth, services }) => services.oauthLink.unlinkOwn(auth));
