import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getReverseGeocodingState', ({ services }) => services.serverFacts.reverseGeocoding());
