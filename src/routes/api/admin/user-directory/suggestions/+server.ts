import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('suggestUsersAdmin', ({ query, services }) => services.userDirectory.suggest(query.q));
