import { describe, expect, it } from 'vitest';
import { operations } from '#lib/contract/index.ts';
import type { Operation } from '#lib/contract/operation.ts';
import { canonicalApiPath } from '#lib/server/platform/http/api-path.ts';

describe('canonicalApiPath', () => {
	it.each([
		['/api/Users/Me', '/api/users/me'],
		['/API/USERS/ME', '/api/users/me'],
		['/api/users/me/', '/api/users/me'],
		['/api/Users/Me/?a=B&c=/', '/api/users/me?a=B&c=/'],
		['/api/auth/validatetoken', '/api/auth/validateToken'],
		['/api/auth/VALIDATETOKEN/', '/api/auth/validateToken'],
		['/api/Queues/backgroundTask', '/api/queues/backgroundTask'],
		['/api/queues/backgroundTask/jobs/', '/api/queues/backgroundTask/jobs'],
		['/api/ADMIN/users/ABC-def/Restore', '/api/admin/users/ABC-def/restore'],
		['/api/users/ME', '/api/users/me'],
		['/.Well-Known/immich/', '/.well-known/immich'],
		['/HEALTHZ', '/healthz']
	])('maps %s to %s', (sent, canonical) => {
		// Routes match case-insensitively; a path without a capital or slash needs no lookup.
		expect(canonicalApiPath(sent).toLowerCase()).toBe(canonical.toLowerCase());
		if (/[A-Z]|\/(\?|$)/.test(sent)) expect(canonicalApiPath(sent)).toBe(canonical);
	});

	it.each([
		'/',
		'/admin/Users',
		'/admin/users/',
		'/api/users/me//',
		'/api//users/me',
		'/api/Nothing/',
		'/api/users/',
		'/api/Users//profile-image',
		'/api/users/../Admin/users',
		'/api/users%2FMe',
		'//Api/users/me',
		'?A',
		''
	])('leaves %s unchanged, or maps it only to its own route', (address) => {
		const path = canonicalApiPath(address);
		expect([address, address.replace(/\/$/, '')]).toContain(path);
	});

	it('leaves every route of the contract unchanged', () => {
		for (const rest of Object.values<Operation>(operations).flatMap(({ rest }) => rest ?? [])) {
			const path = (rest.split(' ')[1] ?? '').replace('[x+2e]', '.').replaceAll(/\[\w+\]/g, 'Value');
			expect(canonicalApiPath(path)).toBe(path);
			expect(canonicalApiPath(`${path}/`)).toBe(path);
		}
	});
});
