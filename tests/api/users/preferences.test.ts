import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { anyIso, booleanIssue, integerIssue, message, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const defaults = {
	albums: { defaultAssetOrder: 'desc' },
	folders: { enabled: false, sidebarWeb: false },
	memories: { enabled: true, duration: 5, sidebarWeb: false },
	people: { enabled: true, sidebarWeb: false, minimumFaces: 3 },
	sharedLinks: { enabled: true, sidebarWeb: false },
	ratings: { enabled: false },
	tags: { enabled: false, sidebarWeb: false },
	emailNotifications: { enabled: true, albumInvite: true, albumUpdate: true },
	download: { archiveSize: 4_294_967_296, includeEmbeddedVideos: false },
	purchase: { showSupportBadge: true, hideBuyButtonUntil: anyIso },
	cast: { gCastEnabled: false },
	recentlyAdded: { sidebarWeb: false }
};
const findStored = (userId: string) =>
	api.prisma.userMetadata.findUnique({ where: { userId_key: { userId, key: 'preferences' } } });

/** The same operation for a user and for an admin: caller, owner of the row, and path. */
const doors = [
	{
		name: '/users/me/preferences',
		open: async () => {
			const { user, token } = await api.accounts.signIn();
			return { token, userId: user.id, path: '/api/users/me/preferences' };
		}
	},
	{
		name: '/admin/users/{id}/preferences',
		open: async () => {
			const { token } = await api.accounts.signInAdmin();
			const { id: userId } = await api.accounts.makeUser();
			return { token, userId, path: `/api/admin/users/${userId}/preferences` };
		}
	}
];

describe.each(doors)('GET $name', ({ open }) => {
	it('returns 200 with all defaults', async () => {
		const { token, path } = await open();
		const reply = await api.request('GET', path, { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(defaults);
	});

	it('returns 200 if the stored value is broken', async () => {
		const { token, path, userId } = await open();
		await api.prisma.userMetadata.create({ data: { userId, key: 'preferences', value: { tags: 5, people: 'x' } } });
		expect((await api.request('GET', path, { token })).body).toEqual(defaults);
	});
});

describe.each(
	doors.flatMap((door) => [
		{ ...door, method: 'PUT' },
		{ ...door, method: 'PATCH' }
	])
)('$method $name', ({ method, open }) => {
	it('returns 200 with the full merged document and stores only the difference', async () => {
		const { token, path, userId } = await open();
		await api.request(method, path, { token, body: { memories: { duration: 9 }, tags: { enabled: true } } });
		const reply = await api.request(method, path, {
			token,
			body: { memories: { enabled: false }, tags: { enabled: false } }
		});
		expect(reply.status).toBe(200);
		const wanted = { ...defaults, memories: { enabled: false, duration: 9, sidebarWeb: false } };
		expect(reply.body).toEqual(wanted);
		expect((await api.request('GET', path, { token })).body).toEqual(wanted);
		expect((await findStored(userId))?.value).toEqual({ memories: { enabled: false, duration: 9 } });
	});

	it('returns 200 for an empty body, unknown keys, and a color, which is not stored here', async () => {
		const { token, path, userId } = await open();
		for (const body of [{}, { nonsense: { a: 1 } }, { avatar: { color: 'red' } }])
			expect((await api.request(method, path, { token, body })).body).toEqual(defaults);
		expect((await api.accounts.findUser(userId)).avatarColor).toBeNull();
	});

	it.each([
		['a fraction', { download: { archiveSize: 1.5 } }, integerIssue(['download', 'archiveSize'])],
		['a null', { tags: { enabled: null } }, { ...booleanIssue('enabled', 'null'), path: ['tags', 'enabled'] }],
		[
			'a zero',
			{ memories: { duration: 0 } },
			{
				origin: 'number',
				code: 'too_small',
				minimum: 1,
				inclusive: true,
				path: ['memories', 'duration'],
				message: 'Too small: expected number to be >=1'
			}
		],
		[
			'another order',
			{ albums: { defaultAssetOrder: 'up' } },
			{
				code: 'invalid_value',
				values: ['asc', 'desc'],
				path: ['albums', 'defaultAssetOrder'],
				message: 'Invalid option: expected one of "asc"|"desc"'
			}
		]
	])('returns 400 for %s and stores nothing', async (_, body, issue) => {
		const { token, path, userId } = await open();
		const reply = await api.request(method, path, { token, body });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(issue));
		expect(await findStored(userId)).toBeNull();
	});
});

describe('/admin/users/{id}/preferences', () => {
	const unknown = '/api/admin/users/00000000-0000-4000-a000-000000000000/preferences';

	it('reads a deleted user’s and refuses to change them', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		const path = `/api/admin/users/${id}/preferences`;
		expect((await api.request('GET', path, { token })).body).toEqual(defaults);
		const refused = await api.request('PUT', path, { token, body: {} });
		expect(refused.status).toBe(400);
		expect(refused.body).toEqual(message('User not found'));
	});

	it.each(['GET', 'PUT', 'PATCH'])('%s returns 400 User not found for an unknown user', async (method) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request(method, unknown, { token, ...(method !== 'GET' && { body: {} }) });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('User not found'));
	});
});

describe('preferences', () => {
	it('keep all of many concurrent changes', async () => {
		const { user, token } = await api.accounts.signIn();
		const updates = [
			{ tags: { enabled: true } },
			{ ratings: { enabled: true } },
			{ folders: { enabled: true } },
			{ cast: { gCastEnabled: true } },
			{ people: { enabled: false } }
		];
		const sent = updates.map((body) => api.request('PUT', '/api/users/me/preferences', { token, body }));
		for (const { status } of await Promise.all(sent)) expect(status).toBe(200);
		expect((await findStored(user.id))?.value).toEqual(Object.assign({}, ...updates));
	});

	it('are not written if nothing changes', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.request('PUT', '/api/users/me/preferences', { token, body: { memories: { enabled: true } } });
		expect(await findStored(user.id)).toBeNull();
		await api.request('PUT', '/api/users/me/preferences', { token, body: { tags: { enabled: true } } });
		const before = await findStored(user.id);
		await api.request('PUT', '/api/users/me/preferences', { token, body: { tags: { enabled: true } } });
		expect(await findStored(user.id)).toEqual(before);
	});
});
