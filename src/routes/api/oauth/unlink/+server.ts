import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('unlinkOAuthAccount', ({ auth, services }) => services.oauthLinks.unlinkOwn(auth));
