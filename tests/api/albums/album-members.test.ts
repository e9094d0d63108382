import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Albums, albumRow, noAccess, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { whileItWaits } from '#tests/support/held.ts';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const notifications = new Notifications(api);
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});
const open: Listener[] = [];
afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

const answer = async (member: Member, method: string, path: string, body?: unknown) => {
	const reply = await albums.call(member, method, `/albums/${path}`, body);
	return [reply.status, reply.body];
};
const invite = (member: Member, id: string, albumUsers: object[]) =>
	answer(member, 'PUT', `${id}/users`, { albumUsers });
const setRole = (member: Member, id: string, userId: string, role: string) =>
	answer(member, 'PUT', `${id}/user/${userId}`, { role });
const remove = (member: Member, id: string, userId: string) => answer(member, 'DELETE', `${id}/user/${userId}`);
const refused = (text: string) => [400, message(text)];

describe('adding members', () => {
	it('makes them editors by default, each once, and notifies them', async () => {
		const { owner, editor, outsider, id } = await albums.scene();
		const reply = await invite(owner, id, [
			{ userId: outsider.id.toUpperCase() },
			{ userId: outsider.id, role: 'viewer' },
			{ userId: editor.id, role: 'viewer' },
			{ userId: owner.id, role: 'viewer' }
		]);
		expect(reply).toMatchObject([200, { id, shared: true }]);
		expect(await albums.roles(id)).toMatchObject({
			[owner.id]: 'owner',
			[editor.id]: 'editor',
			[outsider.id]: 'editor'
		});
		expect(await notifications.listReceived(outsider.id)).toMatchObject([
			{ type: 'AlbumInvite', level: 'info', data: { albumId: id } }
		]);
		expect(await notifications.listReceived(editor.id)).toEqual([]);
		expect(await albums.get(outsider, id)).toMatchObject({ id });
	});

	it('is possible for an editor, not for a viewer', async () => {
		const { editor, viewer, outsider, id } = await albums.scene();
		const entry = [{ userId: outsider.id, role: 'viewer' }];
		expect(await invite(viewer, id, entry)).toEqual(noAccess('album.share'));
		expect((await invite(editor, id, entry))[0]).toBe(200);
	});

	it('adds no one with a second owner, or a user who is unknown or deleted', async () => {
		const { owner, outsider, id } = await albums.scene();
		const deleted = await albums.signIn();
		await api.prisma.user.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });
		const good = { userId: outsider.id, role: 'viewer' };
		expect(await invite(owner, id, [good, { userId: outsider.id, role: 'owner' }])).toEqual(
			refused('Cannot add another owner')
		);
		for (const userId of [randomUUID(), deleted.id])
			expect(await invite(owner, id, [good, { userId }])).toEqual(refused('Invalid user'));
		expect((await invite(owner, id, []))[0]).toBe(400);
		expect(Object.keys(await albums.roles(id))).toHaveLength(3);
	});
});

describe('a role', () => {
	it('is changed by owner and editor, immediately in effect', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		expect(await setRole(viewer, id, viewer.id, 'editor')).toEqual(noAccess('album.share'));
		expect(await setRole(owner, id, viewer.id, 'editor')).toEqual([204, '']);
		expect((await answer(viewer, 'PATCH', id, { albumName: 'Mine' }))[0]).toBe(200);
		expect(await setRole(editor, id, viewer.id, 'viewer')).toEqual([204, '']);
		expect(await answer(viewer, 'PATCH', id, { albumName: 'Mine' })).toEqual(noAccess('album.update'));
	});

	it('of the owner never changes, and no one becomes a second one', async () => {
		const { owner, editor, outsider, id } = await albums.scene();
		for (const role of ['editor', 'viewer', 'owner'])
			expect(await setRole(editor, id, owner.id, role)).toEqual(refused('User is owner'));
		expect(await setRole(owner, id, editor.id, 'owner')).toEqual(refused('Cannot add another owner'));
		expect(await setRole(owner, id, outsider.id, 'viewer')).toEqual([204, '']);
		expect(Object.keys(await albums.roles(id))).toHaveLength(3);
	});
});

describe('removing members', () => {
	it('lets everyone but the owner leave', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		expect(await remove(viewer, id, 'me')).toEqual([204, '']);
		expect(await remove(editor, id, editor.id.toUpperCase())).toEqual([204, '']);
		for (const name of ['me', owner.id])
			expect(await remove(owner, id, name)).toEqual(refused('Cannot remove the last album owner'));
		expect(await answer(viewer, 'GET', id)).toEqual(noAccess('album.read'));
		expect(await albums.roles(id)).toEqual({ [owner.id]: 'owner' });
	});

	it('needs album.share, and never removes the owner', async () => {
		const { owner, editor, viewer, outsider, id } = await albums.scene();
		expect(await remove(viewer, id, editor.id)).toEqual(noAccess('album.share'));
		expect(await remove(editor, id, owner.id)).toEqual(refused('Cannot remove the last album owner'));
		expect(await remove(editor, id, outsider.id)).toEqual(refused('Album not shared with user'));
		expect(await remove(editor, id, viewer.id)).toEqual([204, '']);
	});

	it('ends the links that the member has made', async () => {
		const { owner, editor, id } = await albums.scene();
		const { key } = await albums.sharing.makeLink(editor.id, { albumId: id });
		const visit = async () => (await api.request('GET', `/api/albums/${id}?key=${key}`)).status;
		expect(await visit()).toBe(200);
		await remove(owner, id, editor.id);
		expect(await visit()).toBe(401);
	});
});

describe('races', () => {
	it('an editor who becomes a viewer meanwhile changes no role', async () => {
		const { editor, viewer, id } = await albums.scene();
		const reply = await whileItWaits(
			api,
			albumRow(id),
			() => setRole(editor, id, viewer.id, 'editor'),
			() => api.prisma.albumUser.updateMany({ where: { albumId: id, userId: editor.id }, data: { role: 'viewer' } })
		);
		expect(reply).toEqual(noAccess('album.share'));
	});

	it('of two editors who make each other viewers, one loses', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		await setRole(owner, id, viewer.id, 'editor');
		const replies = await Promise.all([
			setRole(editor, id, viewer.id, 'viewer'),
			setRole(viewer, id, editor.id, 'viewer')
		]);
		expect(replies.map(([status]) => Number(status)).sort()).toEqual([204, 400]);
		expect(Object.values(await albums.roles(id)).sort()).toEqual(['editor', 'owner', 'viewer']);
	});

	it.each([
		['PUT', 'albumAsset.create'],
		['DELETE', 'albumAsset.delete']
	])('a member who is removed meanwhile changes no photos: %s', async (method, permission) => {
		const { editor, editorPhoto, id } = await albums.scene();
		const photo = method === 'PUT' ? await albums.sharing.makePhoto(editor.id) : editorPhoto;
		const reply = await whileItWaits(
			api,
			albumRow(id),
			() => answer(editor, method, `${id}/assets`, { ids: [photo] }),
			() => api.prisma.albumUser.deleteMany({ where: { albumId: id, userId: editor.id } })
		);
		expect(reply).toEqual(noAccess(permission));
		expect(await albums.photos(id)).toHaveLength(2);
	});

	it('adding to several albums checks each after waiting for it', async () => {
		const { editor, id } = await albums.scene();
		const photo = await albums.sharing.makePhoto(editor.id);
		const { body } = await whileItWaits(
			api,
			albumRow(id),
			() => albums.call(editor, 'PUT', '/albums/assets', { albumIds: [id], assetIds: [photo] }),
			() => api.prisma.albumUser.deleteMany({ where: { albumId: id, userId: editor.id } })
		);
		expect(body).toEqual({ success: false, error: 'no_permission' });
	});

	it('a photo that is locked while it is added stays out', async () => {
		const { editor, id } = await albums.scene();
		const photo = await albums.sharing.makePhoto(editor.id);
		const holder = await api.pool.connect();
		try {
			await holder.query('BEGIN');
			await holder.query(`UPDATE asset SET visibility = 'locked' WHERE id = $1`, [photo]);
			const reply = answer(editor, 'PUT', `${id}/assets`, { ids: [photo] });
			const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%album_asset%'`;
			await expect.poll(async () => (await api.pool.query(waits)).rowCount).toBe(1);
			await holder.query('COMMIT');
			expect((await reply)[0]).toBe(200);
		} finally {
			holder.release(true);
		}
		expect(await albums.photos(id)).not.toContain(photo);
	});

	it('the same user is invited twice at the same moment, and is a member once', async () => {
		const { owner, editor, outsider, id } = await albums.scene();
		const replies = await Promise.all(
			[owner, editor, owner].map((member) => invite(member, id, [{ userId: outsider.id }]))
		);
		expect(replies.map(([status]) => status)).toEqual([200, 200, 200]);
		expect((await albums.roles(id))[outsider.id]).toBe('editor');
		expect(await notifications.listReceived(outsider.id)).toHaveLength(1);
	});
});

describe('other members', () => {
	const hear = async (member: Member) => {
		const listener = await listenAdmitted(api.url, { authorization: `Bearer ${member.token}` });
		open.push(listener);
		return listener;
	};

	it('hear of changes on their websockets, the one who makes them does not', async () => {
		const { owner, editor, viewer, outsider, ownerPhoto, id } = await albums.scene();
		const [own, other, stranger] = [await hear(owner), await hear(viewer), await hear(outsider)];
		const steps: readonly (() => Promise<unknown>)[] = [
			() => answer(owner, 'PATCH', id, { albumName: 'New' }),
			() => answer(owner, 'DELETE', `${id}/assets`, { ids: [ownerPhoto] }),
			() => answer(owner, 'PUT', `${id}/assets`, { ids: [ownerPhoto] }),
			() => setRole(owner, id, editor.id, 'viewer'),
			() => remove(owner, id, viewer.id)
		];
		for (const [index, step] of steps.entries()) {
			await step();
			await expect.poll(() => other.of('on_album_update')).toEqual(Array.from({ length: index + 1 }, () => id));
		}
		expect(own.of('on_album_update')).toEqual([]);
		expect(stranger.of('on_album_update')).toEqual([]);
	});

	it('are notified of new photos, once until they have read it', async () => {
		const { owner, editor, viewer, id } = await albums.scene();
		for (const _ of [1, 2])
			await answer(owner, 'PUT', `${id}/assets`, { ids: [await albums.sharing.makePhoto(owner.id)] });
		for (const { id: userId } of [editor, viewer])
			expect(await notifications.listReceived(userId)).toMatchObject([{ type: 'AlbumUpdate', data: { albumId: id } }]);
		expect(await notifications.listReceived(owner.id)).toEqual([]);
		await notifications.call('POST', '/read-all', viewer.token, {});
		await answer(owner, 'PUT', `${id}/assets`, { ids: [await albums.sharing.makePhoto(owner.id)] });
		expect(await notifications.listReceived(viewer.id)).toHaveLength(2);
	});
});

it('records every change, without the name of the album, and makes none without the event', async () => {
	const block = new AuditBlock(api);
	await block.prepare();
	const { owner, editor, viewer, outsider, ownerPhoto, id } = await albums.scene();
	const call = async (member: Member, method: string, path: string, body?: object) => {
		const { status } = await albums.call(member, method, `/albums${path}`, body);
		return { status };
	};
	const photo = await albums.sharing.makePhoto(owner.id);
	const steps = {
		update: () => call(owner, 'PATCH', `/${id}`, { albumName: 'A secret name' }),
		addAssets: () => call(owner, 'PUT', `/${id}/assets`, { ids: [photo] }),
		removeAssets: () => call(owner, 'DELETE', `/${id}/assets`, { ids: [ownerPhoto] }),
		share: () => call(owner, 'PUT', `/${id}/users`, { albumUsers: [{ userId: outsider.id }] }),
		role: () => call(owner, 'PUT', `/${id}/user/${viewer.id}`, { role: 'editor' }),
		unshare: () => call(owner, 'DELETE', `/${id}/user/${editor.id}`),
		leave: () => call(viewer, 'DELETE', `/${id}/user/me`),
		delete: () => call(owner, 'DELETE', `/${id}`)
	};
	await block.tryInVain('album.create', () => call(owner, 'POST', '', { albumName: 'A secret name' }));
	await block.tryInVain('album.update', steps.update);
	await block.tryInVain('album.addAssets', steps.addAssets);
	await block.tryInVain('album.removeAssets', steps.removeAssets);
	await block.tryInVain('album.share', steps.share);
	await block.tryInVain('album.role', steps.role);
	await block.tryInVain('album.unshare', steps.unshare);
	await block.tryInVain('album.leave', steps.leave);
	await block.tryInVain('album.delete', steps.delete);
	await call(owner, 'POST', '', { albumName: 'A secret name' });
	for (const step of Object.values(steps)) expect((await step()).status).toBeLessThan(300);
	const admin = await api.accounts.signInAdmin();
	const log = new AuditLog(api, admin.token);
	expect(await log.story(`user=${owner.id}`)).toEqual([
		'Olga: album.create',
		'Olga: album.update',
		'Olga: album.addAssets',
		'Olga: album.removeAssets',
		'Olga: album.share of Otto',
		'Olga: album.role of Vera',
		'Olga: album.unshare of Edda',
		'Olga: album.delete'
	]);
	expect(await log.story(`user=${viewer.id}`)).toContain('Vera: album.leave');
	expect(JSON.stringify(await log.read(`user=${owner.id}`))).not.toContain('secret');
});
