import { beforeAll, beforeEach, expect, describe, it } from 'vitest';
import { z } from 'zod';
import { SharingDto } from '#lib/contract/sharing/sharing.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog, inShort } from '#tests/support/audit.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
let sharing: Sharing;
let admin: { token: string; id: string };
let ada: { token: string; id: string };
let bob: { token: string; id: string };
let albumId = '';
let link: { id: string; key: string };
let photo = '';

const signIn = async (fields: Parameters<typeof api.accounts.signIn>[0]) => {
	const { user, token } = await api.accounts.signIn(fields);
	return { token, id: user.id };
};

beforeAll(() => {
	sharing = new Sharing(api.prisma);
});

beforeEach(async () => {
	admin = await signIn({ name: 'Root', isAdmin: true });
	ada = await signIn({ name: 'Ada' });
	bob = await signIn({ name: 'Bob' });
	photo = await sharing.makePhoto(ada.id, { originalFileName: 'Secret.jpg' });
	albumId = await sharing.makeAlbum(
		[
			[ada.id, 'owner'],
			[bob.id, 'editor']
		],
		[photo]
	);
	await api.prisma.album.update({ where: { id: albumId }, data: { albumName: 'Beach' } });
	await sharing.makePartner(ada.id, bob.id);
	link = await sharing.makeLink(ada.id, { albumId, slug: `hidden-${ada.id}`, description: 'Private words' });
});

const call = (method: string, path: string, token = admin.token) => api.request(method, `/api${path}`, { token });
const read = async (id: string) => SharingDto.parse((await call('GET', `/admin/users/${id}/sharing`)).body);
const names = (users: readonly { name: string }[]) => users.map(({ name }) => name);

describe('who can see what', () => {
	it('lists albums with members, partners in both directions, and links', async () => {
		await sharing.makeAlbum([[ada.id, 'owner']]);
		const ofAda = await read(ada.id);
		expect(ofAda.albums).toMatchObject([{ id: albumId, albumName: 'Beach', role: 'owner', memberCount: 2 }]);
		expect(ofAda.albums[0]?.members.map(({ user, role }) => [user.name, role])).toEqual([
			['Ada', 'owner'],
			['Bob', 'editor']
		]);
		expect([names(ofAda.sharedWith), names(ofAda.sharedBy)]).toEqual([['Bob'], []]);
		expect(ofAda.links).toMatchObject([{ id: link.id, assetCount: 1, visits: 0, state: 'live', hasPassword: false }]);
		expect([ofAda.albumCount, ofAda.linkCount]).toEqual([1, 1]);
		const ofBob = await read(bob.id);
		expect([ofBob.albums[0]?.role, names(ofBob.sharedWith), names(ofBob.sharedBy), ofBob.links]).toEqual([
			'editor',
			[],
			['Ada'],
			[]
		]);
		expect(SharingDto.parse((await call('GET', '/users/me/sharing', ada.token)).body)).toEqual(ofAda);
	});

	it('shows an admin neither photos nor what opens a link', async () => {
		const { text } = await call('GET', `/admin/users/${ada.id}/sharing`);
		for (const hidden of [photo, 'Secret.jpg', link.key, 'hidden-', 'Private words'])
			expect(text).not.toContain(hidden);
	});

	it('leaves out deleted users and albums', async () => {
		await api.prisma.user.update({ where: { id: bob.id }, data: { deletedAt: new Date() } });
		const left = await read(ada.id);
		expect([left.albums, left.sharedWith]).toEqual([[], []]);
	});

	it('returns 400 for an unknown user', async () => {
		const reply = await call('GET', `/admin/users/${crypto.randomUUID()}/sharing`);
		expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
	});
});

describe('an admin', () => {
	it('removes a member from an album, who then sees nothing of it; never its owner', async () => {
		await api.prisma.partner.deleteMany();
		const path = (id: string) => `/admin/users/${id}/sharing/albums/${albumId}`;
		const canDownload = async () =>
			(await api.request('POST', '/api/download/info', { token: bob.token, body: { albumId } })).status;
		expect(await canDownload()).toBe(201);
		expect((await call('DELETE', path(bob.id))).status).toBe(204);
		expect(await canDownload()).toBe(400);
		const again = await call('DELETE', path(bob.id));
		expect([again.status, again.body]).toEqual([400, message('User is not a member of the album')]);
		const owner = await call('DELETE', path(ada.id));
		expect([owner.status, owner.body]).toEqual([400, message('The owner of an album cannot be removed')]);
	});

	it('ends a partnership in one direction', async () => {
		await sharing.makePartner(bob.id, ada.id);
		const path = `/admin/users/${ada.id}/sharing/partners/${bob.id}`;
		expect((await call('DELETE', path)).status).toBe(204);
		const { sharedWith, sharedBy } = await read(ada.id);
		expect([names(sharedWith), names(sharedBy)]).toEqual([[], ['Bob']]);
		expect((await call('DELETE', path)).status).toBe(400);
	});

	it('ends a shared link of that user only', async () => {
		const open = async () => (await api.request('GET', `/api/shared-links/me?key=${link.key}`)).status;
		expect((await call('DELETE', `/admin/users/${bob.id}/sharing/links/${link.id}`)).status).toBe(400);
		expect(await open()).toBe(200);
		expect((await call('DELETE', `/admin/users/${ada.id}/sharing/links/${link.id}`)).status).toBe(204);
		expect(await open()).toBe(401);
		expect((await read(ada.id)).links).toMatchObject([{ state: 'expired', visits: 1 }]);
	});

	it('leaves an audit event each time, without what opens the link', async () => {
		for (const path of [
			`/admin/users/${bob.id}/sharing/albums/${albumId}`,
			`/admin/users/${ada.id}/sharing/partners/${bob.id}`,
			`/admin/users/${ada.id}/sharing/links/${link.id}`
		])
			expect((await call('DELETE', path)).status).toBe(204);
		const events = await new AuditLog(api, admin.token).read(`user=${admin.id}`);
		expect(events.map((event) => [inShort(event), event.object?.label])).toEqual([
			['Root: sharing.removeMember of Bob', 'Beach'],
			['Root: sharing.endPartner of Ada', 'Bob'],
			['Root: sharedLink.update of Ada', 'Beach']
		]);
		expect(JSON.stringify(events)).not.toContain(link.key);
	});
});

it('a user who is no admin ends nothing', async () => {
	for (const path of [`albums/${albumId}`, `partners/${bob.id}`, `links/${link.id}`]) {
		const reply = await call('DELETE', `/admin/users/${ada.id}/sharing/${path}`, ada.token);
		expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
	}
	expect(z.object({ linkCount: z.literal(1) }).safeParse(await read(ada.id)).success).toBe(true);
});
