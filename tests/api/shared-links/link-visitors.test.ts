import { getMySharedLink, init, sharedLinkLogin } from '@immich/sdk';
import { hash } from '@node-rs/bcrypt';
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildLinkProof } from '#lib/server/features/access/index.ts';
import { useApi } from '#tests/support/api.ts';
import { guard } from '#tests/support/log-scan.ts';
import { guardedOperations } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
const password = guard('a link password', 'open the album!');
let passwordHash = '';
let sharing: Sharing;
let ownerId = '';
let photo = '';
let albumId = '';

const open = guardedOperations.filter(({ access }) => access.sharedLink === true);
const closed = guardedOperations.filter(({ access }) => !access.sharedLink);

beforeAll(async () => {
	sharing = new Sharing(api.prisma);
	passwordHash = (await hash(password, 4)).replace('$2y$', '$2b$');
});

beforeEach(async () => {
	await api.prisma.rateLimit.deleteMany();
	ownerId = (await api.accounts.makeUser({ name: 'Ada', email: `ada-${randomBytes(4).toString('hex')}@example.test` }))
		.id;
	photo = await sharing.makePhoto(ownerId, { originalFileName: 'Secret party.JPG' });
	albumId = await sharing.makeAlbum([[ownerId, 'owner']], [photo]);
	await api.prisma.assetExif.create({ data: { assetId: photo, latitude: 48.1, longitude: 11.5, city: 'Munich' } });
	init({ baseUrl: `${api.url}/api`, apiKey: '' });
});

const me = (query: string, sent = {}) => api.request('GET', `/api/shared-links/me?${query}`, sent);
const login = (key: string, sentPassword: string, sent = {}) =>
	api.request('POST', `/api/shared-links/login?key=${key}`, { body: { password: sentPassword }, ...sent });
const makeLink = (fields: Parameters<Sharing['makeLink']>[1] = {}) => sharing.makeLink(ownerId, { albumId, ...fields });
/** Asks for something below each route that is open to links. */
const tryEach = async (key: string, sent: { cookie?: string } = {}) => {
	const replies = await Promise.all(
		open.map(({ method, path }) =>
			api.request(method, `${path}?key=${key}`, { ...sent, ...(method !== 'GET' && { body: 5 }) })
		)
	);
	return [...new Set(replies.map(({ status, text }) => `${status} ${status === 401 ? text : ''}`))];
};

describe('GET /shared-links/me', () => {
	it('returns the link to its visitors, by key, hexadecimal key and slug', async () => {
		const slug = `beach-${ownerId}`;
		const { id, key } = await makeLink({ slug });
		const hex = Buffer.from(key, 'base64url').toString('hex');
		expect(await getMySharedLink({ key })).toMatchObject({ id, type: 'ALBUM', slug, album: { id: albumId } });
		expect(await getMySharedLink({ key: hex })).toMatchObject({ id });
		expect(await getMySharedLink({ slug })).toMatchObject({ id });
		const headers = { 'x-immich-share-key': key };
		expect((await api.request('GET', '/api/shared-links/me', { headers })).body).toMatchObject({ id });
	});

	it('shows strangers no email and no other member', async () => {
		const bob = await api.accounts.makeUser({ name: 'Bob' });
		await api.prisma.albumUser.create({ data: { albumId, userId: bob.id, role: 'viewer' } });
		const { email } = await api.accounts.findUser(ownerId);
		for (const link of [await makeLink(), await makeLink({ albumId: null, type: 'INDIVIDUAL', assetIds: [photo] })]) {
			const { text } = await me(`key=${link.key}`);
			for (const hidden of [email, bob.email, 'Bob']) expect(text).not.toContain(hidden);
		}
	});

	it('without metadata, shows no more than the layout and the day', async () => {
		for (const fields of [{}, { albumId: null, type: 'INDIVIDUAL', assetIds: [photo] }]) {
			const { key } = await makeLink({ showExif: false, ...fields });
			const { text } = await me(`key=${key}`);
			for (const hidden of ['Secret', 'Munich', '48.1', 'Ada', '05:06', '/photos/']) expect(text).not.toContain(hidden);
			expect(text).not.toMatch(/T(?!00:00:00\.000Z)\d\d:\d\d:\d\d\.\d{3}Z","(?:update|start|end|file|local)/);
		}
	});

	it('denies downloads without metadata, which the files contain', async () => {
		const { key } = await makeLink({ showExif: false, allowDownload: true });
		expect(await getMySharedLink({ key })).toMatchObject({ allowDownload: false });
		const body = { albumId };
		const reply = await api.request('POST', `/api/download/info?key=${key}`, { body });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no album.download access')]);
	});

	it('counts each time the link is opened, but neither failures nor who it was', async () => {
		const { id, key } = await makeLink({ password: passwordHash });
		await me(`key=${key}`);
		const { cookies } = await login(key, password);
		const cookie = cookies[0]?.split(';')[0] ?? '';
		for (let number = 0; number < 3; number++) expect((await me(`key=${key}`, { cookie })).status).toBe(200);
		const rows = await api.prisma.sharedLinkVisit.findMany({ where: { linkId: id } });
		expect(rows).toEqual([{ linkId: id, day: expect.any(Date) as unknown, count: 3 }]);
	});

	it.each(['/me', '/login'])('%s returns 403 to a session and to an API key', async (path) => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		for (const credential of [{ token }, { apiKey }]) {
			const sent = { ...credential, ...(path === '/login' && { body: { password } }) };
			const reply = await api.request(path === '/me' ? 'GET' : 'POST', `/api/shared-links${path}`, sent);
			expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
		}
	});
});

describe('POST /shared-links/login', () => {
	it('gives the browser a proof for a day, next to those of other links', async () => {
		const [one, two] = [await makeLink({ password: passwordHash }), await makeLink({ password: passwordHash })];
		const first = await login(one.key, password);
		expect(first.status).toBe(201);
		expect(first.body).toMatchObject({ id: one.id, password: null });
		const proof = buildLinkProof(one.id, passwordHash);
		expect(first.cookies).toEqual([`immich_shared_link_token=${proof}; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax`]);
		const headers = { 'x-forwarded-proto': 'https' };
		const second = await login(two.key, password, { cookie: `immich_shared_link_token=${proof}`, headers });
		const both = `${buildLinkProof(two.id, passwordHash)}%2C${proof}`;
		expect(second.cookies).toEqual([
			`immich_shared_link_token=${both}; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax`
		]);
		const cookie = second.cookies[0]?.split(';')[0] ?? '';
		for (const { key } of [one, two]) expect((await me(`key=${key}`, { cookie })).status).toBe(200);
		expect(await sharedLinkLogin({ key: one.key, sharedLinkLoginDto: { password } })).toMatchObject({ id: one.id });
	});

	it('returns 401 for a wrong password, 400 for a link without one', async () => {
		const wrong = await login((await makeLink({ password: passwordHash })).key, 'not it');
		expect([wrong.status, wrong.body, wrong.cookies]).toEqual([401, message('Invalid password'), []]);
		const none = await login((await makeLink()).key, password);
		expect([none.status, none.body]).toEqual([400, message('Shared link is not password protected')]);
	});

	it('returns 429 within 100 wrong passwords from one network, whatever the links; other networks and sessions go on', async () => {
		const links = await Promise.all([1, 2, 3].map(() => makeLink({ password: passwordHash })));
		const guess = (number: number, address: string) =>
			login(links[number % 3]?.key ?? '', 'not it', { headers: { 'x-forwarded-for': address } });
		const statuses: number[] = [];
		for (let number = 0; number < 100; number++) statuses.push((await guess(number, '203.0.113.7')).status);
		expect(statuses.indexOf(429)).toBe(60);
		expect(statuses.slice(60).every((status) => status === 429)).toBe(true);
		expect((await guess(0, '203.0.113.8')).status).toBe(401);
		const { token } = await api.accounts.signIn();
		const headers = { 'x-forwarded-for': '203.0.113.7' };
		expect((await api.request('GET', '/api/users/me', { token, headers })).status).toBe(200);
		const refused = await login(links[0]?.key ?? '', password, { headers });
		expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
	});

	it('returns 429 within 100 wrong passwords for one link, whatever the networks; its known visitors go on', async () => {
		const { id, key } = await makeLink({ password: passwordHash });
		const guess = (number: number) =>
			login(key, 'not it', { headers: { 'x-forwarded-for': `198.51.100.${String(number)}` } });
		const statuses: number[] = [];
		for (let number = 0; number < 100; number++) statuses.push((await guess(number)).status);
		expect(statuses.indexOf(429)).toBe(60);
		const cookie = `immich_shared_link_token=${buildLinkProof(id, passwordHash)}`;
		expect((await me(`key=${key}`, { cookie })).status).toBe(200);
	});

	it('doesn’t count right passwords', async () => {
		const { key } = await makeLink({ password: passwordHash });
		for (let number = 0; number < 70; number++) expect((await login(key, password)).status).toBe(201);
	});

	it('is refused from another site', async () => {
		const { key } = await makeLink({ password: passwordHash });
		const reply = await login(key, password, {
			headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
		});
		expect([reply.status, reply.body]).toEqual([403, message('Cross-site request refused')]);
	});
});

describe('a link’s password', () => {
	it('is required on every route that is open to links', async () => {
		const { id, key } = await makeLink({ password: passwordHash });
		const needed = ['401 {"message":"Password required"}'];
		expect(await tryEach(key)).toEqual(needed);
		expect(await tryEach(key, { cookie: `immich_shared_link_token=${buildLinkProof(id, 'former hash')}` })).toEqual(
			needed
		);
		expect((await me(`key=${key}`)).body).toEqual(message('Password required'));
		const cookie = `immich_shared_link_token=${buildLinkProof(id, passwordHash)}`;
		expect((await tryEach(key, { cookie })).filter((reply) => needed.includes(reply))).toEqual([]);
	});
});

describe('every route that isn’t open to links', () => {
	it.each(closed)('$method $path: returns 403 to a visitor, also to an admin’s link', async ({ method, path }) => {
		await api.prisma.user.update({ where: { id: ownerId }, data: { isAdmin: true } });
		const { key } = await makeLink();
		const reply = await api.request(method, `${path}?key=${key}`, { ...(method !== 'GET' && { body: 5 }) });
		expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
	});
});

describe('a link ends', () => {
	const ended = ['401 {"message":"Invalid share key"}'];

	/** Checks that a link works, ends by `end`, and works again after `revert`. */
	async function expectEnd(
		{ key }: { key: string },
		end: () => Promise<unknown>,
		revert: (() => Promise<unknown>) | null
	) {
		const isOpen = async () =>
			(await me(`key=${key}`)).status === 200 && !(await tryEach(key)).includes(ended[0] ?? '');
		expect(await isOpen()).toBe(true);
		await end();
		expect(await tryEach(key)).toEqual(ended);
		const reply = await me(`key=${key}`);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid share key')]);
		if (!revert) return;
		await revert();
		expect(await isOpen()).toBe(true);
	}

	const setUser = (id: string, deletedAt: Date | null) => () =>
		api.prisma.user.update({ where: { id }, data: { deletedAt, status: deletedAt ? 'deleted' : 'active' } });

	it('when it expires', async () => {
		const link = await makeLink();
		const expire = (expiresAt: Date | null) => () =>
			api.prisma.sharedLink.update({ where: { id: link.id }, data: { expiresAt } });
		await expectEnd(link, expire(new Date()), expire(null));
	});

	it('when it is deleted', async () => {
		const link = await makeLink();
		await expectEnd(link, () => api.prisma.sharedLink.delete({ where: { id: link.id } }), null);
	});

	it('while its creator is deleted', async () => {
		await expectEnd(await makeLink(), setUser(ownerId, new Date()), setUser(ownerId, null));
		const single = await sharing.makeLink(ownerId, { assetIds: [photo] });
		await expectEnd(single, setUser(ownerId, new Date()), setUser(ownerId, null));
	});

	it('while the album is deleted, or its owner', async () => {
		const editor = await sharing.makeUser();
		await api.prisma.albumUser.create({ data: { albumId, userId: editor, role: 'editor' } });
		const link = await sharing.makeLink(editor, { albumId });
		const setAlbum = (deletedAt: Date | null) => () =>
			api.prisma.album.update({ where: { id: albumId }, data: { deletedAt } });
		await expectEnd(link, setAlbum(new Date()), setAlbum(null));
		await expectEnd(link, setUser(ownerId, new Date()), setUser(ownerId, null));
	});

	it('when its creator may no longer share the album', async () => {
		const editor = await sharing.makeUser();
		await api.prisma.albumUser.create({ data: { albumId, userId: editor, role: 'editor' } });
		const link = await sharing.makeLink(editor, { albumId });
		const member = { albumId_userId: { albumId, userId: editor } };
		const setRole = (role: 'viewer' | 'editor') => () => api.prisma.albumUser.update({ where: member, data: { role } });
		await expectEnd(link, setRole('viewer'), setRole('editor'));
		await expectEnd(link, () => api.prisma.albumUser.delete({ where: member }), null);
	});

	it('with the partnership that allowed sharing its photos', async () => {
		const partner = await sharing.makeUser();
		await sharing.makePartner(ownerId, partner);
		const link = await sharing.makeLink(partner, { assetIds: [photo] });
		await expectEnd(link, () => api.prisma.partner.deleteMany({ where: { sharedWithId: partner } }), null);
	});

	it('when all of its photos are in the trash or locked', async () => {
		const link = await sharing.makeLink(ownerId, { assetIds: [photo] });
		const change = (data: Parameters<typeof api.prisma.asset.update>[0]['data']) => () =>
			api.prisma.asset.update({ where: { id: photo }, data });
		await expectEnd(link, change({ deletedAt: new Date() }), change({ deletedAt: null }));
		await expectEnd(link, change({ visibility: 'locked' }), change({ visibility: 'timeline' }));
	});
});

describe('guessing keys and slugs', () => {
	it('returns 429 within 300 from one network; signed-in users and visitors with a key are unaffected', async () => {
		const { token } = await api.accounts.signIn();
		const slug = `quiet-${ownerId}`;
		const { key } = await makeLink({ slug });
		const headers = { 'x-forwarded-for': '203.0.113.9' };
		const statuses: number[] = [];
		for (let number = 0; number < 300; number++) {
			const query = number % 2 ? `key=${randomBytes(50).toString('base64url')}` : `slug=guess-${String(number)}`;
			statuses.push((await me(query, { headers })).status);
		}
		expect(statuses[0]).toBe(401);
		expect(statuses.at(-1)).toBe(429);
		expect((await me(`slug=${slug}`, { headers })).status).toBe(429);
		expect((await me(`key=${key}`, { headers })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token, headers })).status).toBe(200);
		expect((await me(`slug=${slug}`, { headers: { 'x-forwarded-for': '203.0.113.10' } })).status).toBe(200);
	});
});
