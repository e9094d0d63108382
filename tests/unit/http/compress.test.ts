import { describe, expect, it } from 'vitest';
import { mayCompress } from '../../../bin/compress.ts';

/** Whether a response to this request is compressed; by default a large one with JSON. */
function reply(method: string, target: string, headers: Record<string, string> = {}, status = 200): boolean {
	const all = { 'content-type': 'application/json; charset=utf-8', 'content-length': '5000', ...headers };
	return mayCompress(method, target, { status, headers: new Headers(all) });
}
const html = { 'content-type': 'text/html' };

describe('mayCompress', () => {
	it('accepts reads: JSON and exports of the API with or without a query, pages without one', () => {
		expect(reply('GET', '/api/users')).toBe(true);
		expect(reply('HEAD', '/api/users')).toBe(true);
		expect(reply('GET', '/API/users?q=x')).toBe(true);
		expect(
			reply('GET', '/api/admin/audit-events/export?format=csv', { 'content-type': 'text/csv; charset=utf-8' })
		).toBe(true);
		expect(reply('GET', '/admin/users', html)).toBe(true);
	});

	it('accepts a response of unknown length', () => {
		const headers = new Headers({ 'content-type': 'text/csv' });
		expect(mayCompress('GET', '/api/users', { status: 200, headers })).toBe(true);
	});

	it.each([
		['a page that can reflect its query', reply('GET', '/admin/users?q=x', html)],
		['a page’s data that can', reply('GET', '/admin/users/__data.json?q=x')],
		['what a form gives', reply('POST', '/account/api-keys/new', html)],
		['a new secret', reply('POST', '/api/api-keys')],
		['a change', reply('PUT', '/api/system-config')],
		['a reply with a cookie', reply('GET', '/auth/login', { ...html, 'set-cookie': 'a=b' })],
		['an error', reply('GET', '/api/users', {}, 400)],
		['no content', reply('GET', '/api/users', {}, 304)],
		['a short one', reply('GET', '/api/users', { 'content-length': '1023' })],
		['a picture', reply('GET', '/api/users/x/profile-image', { 'content-type': 'image/webp' })],
		['JSON by another name', reply('GET', '/api/x', { 'content-type': 'application/jsonp' })]
	])('excludes %s', (_, isCompressed) => {
		expect(isCompressed).toBe(false);
	});
});
