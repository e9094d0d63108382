import {
	createActivity,
	deleteActivity,
	getActivities,
	getActivityStatistics,
	init,
	ReactionLevel,
	ReactionType
} from '@immich/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ActivityResponseDto } from '#lib/contract/activities/activity.ts';
import { Albums, noAccess, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { anyIso, anyUuid, message, userShape } from '#tests/support/shapes.ts';

const api = useApi();
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const answer = async (member: Member, method: string, path: string, body?: unknown) => {
	const reply = await albums.call(member, method, `/activities${path}`, body);
	return [reply.status, reply.body];
};
const post = (member: Member, body: object) => answer(member, 'POST', '', body);
const comment = (member: Member, albumId: string, text: string, assetId?: string) =>
	post(member, { albumId, type: 'comment', comment: text, ...(assetId !== undefined && { assetId }) });
const like = (member: Member, albumId: string, assetId?: string) =>
	post(member, { albumId, type: 'like', ...(assetId !== undefined && { assetId }) });
const getId = ([, body]: unknown[]) => z.object({ id: z.string() }).parse(body).id;
const list = async (member: Member, query: string) => {
	const [status, body] = await answer(member, 'GET', `?${query}`);
	expect(status).toBe(200);
	return z.array(ActivityResponseDto.strict()).parse(body);
};
const texts = async (member: Member, query: string) =>
	(await list(member, query)).map(({ type, comment: text }) => (type === 'like' ? '♥' : text));

describe('a comment', () => {
	it('is returned as on the wire', async () => {
		const { viewer, ownerPhoto, id } = await albums.scene();
		expect(await comment(viewer, id, 'Nice', ownerPhoto.toUpperCase())).toEqual([
			201,
			{
				id: anyUuid,
				createdAt: anyIso,
				type: 'comment',
				user: userShape({ id: viewer.id, name: 'Vera' }),
				assetId: ownerPhoto,
				comment: 'Nice'
			}
		]);
	});

	it('needs a text, and a like has none', async () => {
		const { viewer, id: albumId } = await albums.scene();
		const issue = (text: string) => ({
			message: 'Validation failed',
			errors: [{ code: 'custom', path: ['comment'], message: text }]
		});
		const missing = issue('Comment is required when type is COMMENT');
		expect(await post(viewer, { albumId, type: 'comment' })).toMatchObject([400, missing]);
		expect(await post(viewer, { albumId, type: 'comment', comment: '' })).toMatchObject([400, missing]);
		expect(await post(viewer, { albumId, type: 'like', comment: 'Nice' })).toMatchObject([
			400,
			issue('Comment must not be provided when type is not COMMENT')
		]);
		const liked = await post(viewer, { albumId, type: 'like', comment: '' });
		expect(liked).toMatchObject([201, { type: 'like', comment: null }]);
	});
});

describe('a like', () => {
	it('is made once per album and per photo in it', async () => {
		const { viewer, editor, ownerPhoto, id } = await albums.scene();
		for (const assetId of [undefined, ownerPhoto]) {
			const first = await like(viewer, id, assetId);
			expect(first).toMatchObject([201, { type: 'like', comment: null, assetId: assetId ?? null }]);
			const again = await like(viewer, id, assetId);
			expect([again[0], getId(again)]).toEqual([200, getId(first)]);
			expect((await like(editor, id, assetId))[0]).toBe(201);
		}
		expect(await answer(viewer, 'GET', `/statistics?albumId=${id}`)).toEqual([200, { comments: 0, likes: 4 }]);
		expect(await answer(viewer, 'GET', `/statistics?albumId=${id}&assetId=${ownerPhoto}`)).toEqual([
			200,
			{ comments: 0, likes: 2 }
		]);
	});

	it('is made once by parallel requests', async () => {
		const { viewer, id } = await albums.scene();
		const replies = await Promise.all(Array.from({ length: 5 }, () => like(viewer, id)));
		expect(replies.map(([status]) => Number(status)).sort()).toEqual([200, 200, 200, 200, 201]);
	});
});

describe('the list', () => {
	it('is oldest first, by filter', async () => {
		const { owner, editor, viewer, ownerPhoto, id } = await albums.scene();
		await comment(owner, id, 'one');
		await comment(editor, id, 'two', ownerPhoto);
		await like(viewer, id);
		const about = (rest: string) => texts(viewer, `albumId=${id}${rest}`);
		expect(await about('')).toEqual(['one', 'two', '♥']);
		expect(await about('&level=album')).toEqual(['one', '♥']);
		expect(await about(`&assetId=${ownerPhoto}`)).toEqual(['two']);
		expect(await about('&type=like')).toEqual(['♥']);
		expect(await about('&type=comment')).toEqual(['one', 'two']);
		expect(await about(`&userId=${editor.id}`)).toEqual(['two']);
	});

	it('leaves out deleted users, and what is about photos in the trash or the locked folder', async () => {
		const { owner, editor, viewer, ownerPhoto, editorPhoto, id } = await albums.scene();
		await comment(owner, id, 'shown');
		await comment(editor, id, 'of a deleted user');
		await comment(owner, id, 'trashed', ownerPhoto);
		await comment(owner, id, 'locked', editorPhoto);
		await api.prisma.asset.update({ where: { id: ownerPhoto }, data: { deletedAt: new Date(), status: 'trashed' } });
		await api.prisma.asset.update({ where: { id: editorPhoto }, data: { visibility: 'locked' } });
		expect(await texts(viewer, `albumId=${id}`)).toEqual(['shown', 'of a deleted user']);
		await api.prisma.user.update({ where: { id: editor.id }, data: { deletedAt: new Date() } });
		expect(await texts(viewer, `albumId=${id}`)).toEqual(['shown']);
		expect(await answer(viewer, 'GET', `/statistics?albumId=${id}`)).toEqual([200, { comments: 1, likes: 0 }]);
	});
});

describe('access', () => {
	it('is that of the album: none for outsiders, and not for links', async () => {
		const { owner, outsider, id } = await albums.scene();
		expect(await answer(outsider, 'GET', `?albumId=${id}`)).toEqual(noAccess('album.read'));
		expect(await answer(outsider, 'GET', `/statistics?albumId=${id}`)).toEqual(noAccess('album.read'));
		expect(await comment(outsider, id, 'Hello')).toEqual(noAccess('activity.create'));
		const { key } = await albums.sharing.makeLink(owner.id, { albumId: id });
		const reply = await api.request('GET', `/api/activities?albumId=${id}&key=${key}`);
		expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
	});

	it('to comment needs activity to be on', async () => {
		const { owner, id } = await albums.scene();
		await comment(owner, id, 'before');
		await albums.call(owner, 'PATCH', `/albums/${id}`, { isActivityEnabled: false });
		expect(await comment(owner, id, 'Hello')).toEqual(noAccess('activity.create'));
		expect(await like(owner, id)).toEqual(noAccess('activity.create'));
		expect(await texts(owner, `albumId=${id}`)).toEqual(['before']);
	});

	it('is limited to photos that can be seen in the album', async () => {
		const { owner, ownerPhoto, editorPhoto, id } = await albums.scene();
		const outside = await albums.sharing.makePhoto(owner.id);
		await api.prisma.asset.update({ where: { id: editorPhoto }, data: { visibility: 'locked' } });
		await api.prisma.asset.update({ where: { id: ownerPhoto }, data: { deletedAt: new Date(), status: 'trashed' } });
		for (const photo of [outside, editorPhoto, ownerPhoto]) {
			expect(await comment(owner, id, 'Hello', photo)).toEqual(noAccess('activity.create'));
			expect(await like(owner, id, photo)).toEqual(noAccess('activity.create'));
		}
	});

	it('to remove is the author’s and the album owner’s', async () => {
		const { owner, editor, viewer, outsider, id } = await albums.scene();
		const made = [getId(await comment(viewer, id, 'one')), getId(await comment(viewer, id, 'two'))];
		for (const member of [editor, outsider])
			expect(await answer(member, 'DELETE', `/${made[0] ?? ''}`)).toEqual(noAccess('activity.delete'));
		expect(await answer(viewer, 'DELETE', `/${(made[0] ?? '').toUpperCase()}`)).toEqual([204, '']);
		expect(await answer(owner, 'DELETE', `/${made[1] ?? ''}`)).toEqual([204, '']);
		expect(await answer(owner, 'DELETE', `/${made[1] ?? ''}`)).toEqual(noAccess('activity.delete'));
		expect(await texts(owner, `albumId=${id}`)).toEqual([]);
	});

	it('ends with the photo in the album', async () => {
		const { owner, ownerPhoto, id } = await albums.scene();
		await comment(owner, id, 'Hello', ownerPhoto);
		await albums.call(owner, 'DELETE', `/albums/${id}/assets`, { ids: [ownerPhoto] });
		await albums.call(owner, 'PUT', `/albums/${id}/assets`, { ids: [ownerPhoto] });
		expect(await texts(owner, `albumId=${id}`)).toEqual([]);
	});
});

describe('races', () => {
	const meanwhile = {
		'the album is deleted': 'DELETE FROM album WHERE id = $1',
		'the member is removed': `DELETE FROM album_user WHERE "albumId" = $1 AND role = 'viewer'`,
		'activity is turned off': 'UPDATE album SET "isActivityEnabled" = false WHERE id = $1'
	};

	it.each(Object.entries(meanwhile))('a comment fails if meanwhile %s', async (_, sql) => {
		const { viewer, id } = await albums.scene();
		const holder = await api.pool.connect();
		try {
			await holder.query('BEGIN');
			await holder.query('SELECT 1 FROM album WHERE id = $1 FOR UPDATE', [id]);
			await holder.query(sql, [id]);
			const reply = comment(viewer, id, 'Hello');
			const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"album"%'`;
			await expect.poll(async () => (await api.pool.query(waits)).rowCount).toBe(1);
			await holder.query('COMMIT');
			expect(await reply).toEqual(noAccess('activity.create'));
		} finally {
			holder.release(true);
		}
		expect(await api.prisma.activity.count({ where: { albumId: id } })).toBe(0);
	});
});

it('records every change without its text, and makes none without the event', async () => {
	const block = new AuditBlock(api);
	await block.prepare();
	const { owner, viewer, id } = await albums.scene();
	const send = async (member: Member, method: string, path: string, body?: object) => ({
		status: (await albums.call(member, method, `/activities${path}`, body)).status
	});
	const body = { albumId: id, type: 'comment', comment: 'A secret text' };
	await block.tryInVain('activity.create', () => send(viewer, 'POST', '', body));
	const made = getId(await post(viewer, body));
	await block.tryInVain('activity.delete', () => send(owner, 'DELETE', `/${made}`));
	await answer(owner, 'DELETE', `/${made}`);
	const admin = await api.accounts.signInAdmin();
	const log = new AuditLog(api, admin.token);
	expect(await log.story(`user=${viewer.id}`)).toEqual(['Vera: activity.create', 'Olga: activity.delete of Vera']);
	expect(JSON.stringify(await log.read())).not.toContain('secret');
});

it('the SDK calls every operation of activities', async () => {
	const { viewer, ownerPhoto, id: albumId } = await albums.scene();
	init({ baseUrl: `${api.url}/api`, apiKey: await api.accounts.makeApiKey(viewer.id) });
	const made = await createActivity({
		activityCreateDto: { albumId, assetId: ownerPhoto, type: ReactionType.Comment, comment: 'Nice' }
	});
	expect(await getActivities({ albumId, $type: ReactionType.Comment })).toEqual([made]);
	expect(await getActivities({ albumId, level: ReactionLevel.Album })).toEqual([]);
	expect(await getActivityStatistics({ albumId })).toEqual({ comments: 1, likes: 0 });
	await deleteActivity({ id: made.id });
	expect(await getActivities({ albumId })).toEqual([]);
});
