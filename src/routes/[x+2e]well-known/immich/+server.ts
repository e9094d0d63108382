import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('discoverServer', () => ({
	api: { endpoint: '/api' },
	deviceAuthorization: { codeEndpoint: '/api/auth/device/code', tokenEndpoint: '/api/auth/device/token' }
}));
