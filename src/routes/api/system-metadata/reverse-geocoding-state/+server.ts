import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getReverseGeocodingState', ({ services }) => services.serverFacts.reverseGeocoding());
