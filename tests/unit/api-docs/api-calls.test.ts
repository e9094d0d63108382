import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildUrl } from '#lib/console/api-docs/api-address.ts';
import { formatCurl } from '#lib/console/api-docs/curl.ts';
import { buildFormCall, passwordPlaceholder } from '#lib/console/api-docs/form-call.ts';
import { byArea, searchEntries } from '#lib/console/api-docs/search-entries.ts';
import { sessionIcon } from '#lib/console/sessions/session-icon.ts';
import { listApi } from '#lib/server/features/api-docs/api-reference.ts';

function formData(fields: Readonly<Record<string, string>>): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.set(name, value);
	return data;
}

describe('curl', () => {
	it('survives shell quoting with any content', () => {
		const body = `{"a":"it's $HOME \`id\` \\n \\"x\\" !"}`;
		const command = formatCurl({ method: 'PUT', url: "http://nas:2283/api/x?q=a'b&c=$d", body });
		// The shell's own printf shows how it parses the arguments.
		const read = execFileSync('sh', ['-c', command.replace(/^curl /, "printf '%s\\n' ")]).toString();
		expect(read.split('\n').slice(0, -1)).toEqual([
			'-X',
			'PUT',
			"http://nas:2283/api/x?q=a'b&c=$d",
			'-H',
			'x-api-key: YOUR_API_KEY',
			'-H',
			'content-type: application/json',
			'-d',
			body
		]);
	});

	it('omits the method for reads', () => {
		expect(formatCurl({ method: 'GET', url: 'http://nas/' })).not.toContain('-X');
	});
});

describe("an operation's URL", () => {
	const parameters = [
		{ name: 'id', place: 'path' },
		{ name: 'q', place: 'query' }
	] as const;

	it.each([
		[{}, '/users/ID'],
		[{ id: 'a/b', q: '' }, '/users/a%2Fb'],
		[{ id: '1', q: 'ä &' }, '/users/1?q=%C3%A4+%26']
	])('is filled in with %j', (given, address) => {
		expect(buildUrl('/users/{id}', parameters, given)).toBe(address);
	});
});

describe('the API call of a form', () => {
	it('has the wire’s names and units, and no password', () => {
		const data = formData({
			name: 'Ed',
			email: 'Ed@Example.Test',
			quota: '1 KiB',
			storageLabel: '',
			password: 'secret it is'
		});
		data.set('shouldChangePassword', 'on');
		const { method, path, body } = buildFormCall('createUserAdmin', {}, data);
		expect([method, path]).toEqual(['POST', '/api/admin/users']);
		expect(JSON.parse(body ?? '')).toEqual({
			name: 'Ed',
			email: 'ed@example.test',
			storageLabel: null,
			quotaSizeInBytes: 1024,
			isAdmin: false,
			shouldChangePassword: true,
			password: passwordPlaceholder
		});
	});

	it('omits an optional password', () => {
		const { path, body } = buildFormCall('resetPassword', { id: '7' }, formData({ password: '', revokeApiKeys: 'on' }));
		expect(path).toBe('/api/admin/users/7/reset-password');
		expect(JSON.parse(body ?? '')).toEqual({ revokeApiKeys: true });
		expect(buildFormCall('resetPassword', {}, formData({ password: 'x' })).body).not.toContain('"x"');
	});

	it('replaces invalid values with examples', () => {
		const { body } = buildFormCall('updateUserAdmin', { id: '7' }, formData({ name: '', email: 'no', quota: 'no' }));
		expect(JSON.parse(body ?? '')).toMatchObject({
			name: 'Olga Example',
			email: 'person@example.test',
			quotaSizeInBytes: null
		});
	});

	it('has no body if the operation takes none', () => {
		expect(buildFormCall('restoreUserAdmin', { id: '7' }, formData({})).body).toBeNull();
	});
});

describe('the operation search', () => {
	it.each([
		['post admin restore', ['restoreUserAdmin']],
		['get account sessions', ['getUserSessionsAdmin']],
		['adminUser.create', ['createUserAdmin']],
		['zzyzx', []]
	])('%j finds %j', (text, ids) => {
		expect(searchEntries(listApi(), text).map(({ id }) => id)).toEqual(ids);
	});

	it('keeps the operations of an area together', () => {
		const areas = byArea(listApi());
		expect(new Set(areas.map(({ area }) => area)).size).toBe(areas.length);
		expect(areas.flatMap(({ entries }) => entries)).toHaveLength(listApi().length);
	});
});

describe('the icon of a session', () => {
	it('differs by system, and recognizes apps', () => {
		const systems = ['iOS', 'Android', 'macOS', 'Windows', 'Linux', 'Chrome OS', 'iPadOS', ''];
		const icons = systems.map((deviceOS) => sessionIcon({ deviceOS, appVersion: null }));
		expect(new Set(icons).size).toBe(systems.length);
		expect(sessionIcon({ deviceOS: '', appVersion: '1.0' })).toBe(sessionIcon({ deviceOS: 'iOS', appVersion: null }));
	});
});
