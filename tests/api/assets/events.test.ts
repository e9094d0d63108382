import { afterEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const open: Listener[] = [];
afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

async function hear(token: string): Promise<Listener> {
	const listener = await listenAdmitted(api.url, { authorization: `Bearer ${token}` });
	open.push(listener);
	return listener;
}

/** A user who listens with a session, an unlocked one and an API key; and another user. */
async function scene() {
	const { user, token } = await api.accounts.signIn();
	const other = await api.accounts.signIn();
	const unlockedToken = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() + 10 * 60_000) });
	const apiKey = await api.accounts.makeApiKey(user.id);
	const keyListener = await listenAdmitted(api.url, { 'x-api-key': apiKey });
	open.push(keyListener);
	const [session, unlocked, stranger] = [await hear(token), await hear(unlockedToken), await hear(other.token)];
	return {
		user,
		token,
		unlockedToken,
		session,
		unlocked,
		key: keyListener,
		stranger,
		sharing: new Sharing(api.prisma)
	};
}

const call = async (token: string, method: string, path: string, body?: unknown) => {
	const reply = await api.request(method, `/api${path}`, { token, ...(body !== undefined && { body }) });
	expect(reply.status, reply.text).toBeLessThan(300);
};
const events = ({ heard }: Listener) => heard.filter(([name]) => /^on_(asset|upload)/.test(String(name)));
const withoutAssets = (listener: Listener) =>
	events(listener).map(([name, payload]) =>
		typeof payload === 'object' && payload !== null && 'id' in payload ? [name, payload.id] : [name, payload]
	);
const isHeard = (listener: Listener, expected: readonly unknown[][]) =>
	expect.poll(() => withoutAssets(listener)).toEqual(expected);

describe('an upload', () => {
	it('is announced to its owner once its thumbnails are made', async () => {
		const { token, session, unlocked, key, stranger } = await scene();
		const id = await uploadPicture(api, token);
		for (const listener of [session, unlocked, key]) await isHeard(listener, [['on_upload_success', id]]);
		const { body } = await api.request('GET', `/api/assets/${id}`, { token });
		expect(session.of('on_upload_success')).toEqual([body]);
		expect(session.of('on_upload_success')[0]).toMatchObject({ thumbhash: expect.any(String) as string });
		expect(events(stranger)).toEqual([]);
	});

	it('into the locked folder is announced to no one', async () => {
		const { token, session, unlocked } = await scene();
		await uploadPicture(api, token, { fields: { visibility: 'locked' } });
		const shown = await uploadPicture(api, token);
		for (const listener of [session, unlocked]) await isHeard(listener, [['on_upload_success', shown]]);
	});
});

describe('changes of photos', () => {
	it('are announced to their owner only', async () => {
		const { user, token, session, key, stranger, sharing } = await scene();
		const [one, two] = [await sharing.makePhoto(user.id), await sharing.makePhoto(user.id)].sort();
		const both = [one, two];
		await call(token, 'PUT', `/assets/${one}`, { isFavorite: true });
		await call(token, 'PUT', '/assets', { ids: both, description: 'At the lake' });
		await call(token, 'DELETE', '/assets', { ids: both });
		await call(token, 'POST', '/trash/restore/assets', { ids: [one] });
		await call(token, 'POST', '/trash/restore');
		await call(token, 'DELETE', '/assets', { ids: [one] });
		await call(token, 'POST', '/trash/empty');
		await call(token, 'DELETE', '/assets', { ids: [two], force: true });
		const expected = [
			['on_asset_update', one],
			['on_asset_update', one],
			['on_asset_update', two],
			['on_asset_trash', both],
			['on_asset_restore', [one]],
			['on_asset_restore', [two]],
			['on_asset_trash', [one]],
			['on_asset_delete', one],
			['on_asset_delete', two]
		];
		for (const listener of [session, key]) await isHeard(listener, expected);
		expect(session.of('on_asset_update')[0]).toMatchObject({ id: one, isFavorite: true });
		expect(session.of('on_asset_update')[2]).toMatchObject({ exifInfo: { description: 'At the lake' } });
		expect(events(stranger)).toEqual([]);
	});

	it('that are refused or change nothing are not announced', async () => {
		const { user, token, session, sharing } = await scene();
		const id = await sharing.makePhoto(user.id);
		const others = await sharing.makePhoto((await api.accounts.signIn()).user.id);
		for (const body of [{ ids: [id, others] }, { ids: [others] }])
			expect((await api.request('DELETE', '/api/assets', { token, body })).status).toBe(400);
		await call(token, 'POST', '/trash/restore/assets', { ids: [id] });
		await call(token, 'PUT', `/assets/${id}`, {});
		await call(token, 'PUT', `/assets/${id}`, { isFavorite: true });
		await isHeard(session, [['on_asset_update', id]]);
	});

	it('of hundreds arrive completely', async () => {
		const { user, token, session, sharing } = await scene();
		const ids: string[] = [];
		for (let at = 0; at < 250; at++) ids.push(await sharing.makePhoto(user.id));
		await call(token, 'DELETE', '/assets', { ids });
		await expect.poll(() => session.of('on_asset_trash').flat().sort()).toEqual(ids.sort());
	});
});

describe('locked photos', () => {
	it('are announced to unlocked sessions only', async () => {
		const { user, unlockedToken, session, unlocked, key, sharing } = await scene();
		const id = await sharing.makePhoto(user.id, { visibility: 'locked' });
		const put = (body: object) => call(unlockedToken, 'PUT', `/assets/${id}`, body);
		await put({ isFavorite: true });
		await put({ visibility: 'locked' });
		await call(unlockedToken, 'DELETE', '/assets', { ids: [id] });
		await call(unlockedToken, 'POST', '/trash/restore/assets', { ids: [id] });
		await call(unlockedToken, 'DELETE', '/assets', { ids: [id], force: true });
		await isHeard(unlocked, [
			['on_asset_update', id],
			['on_asset_update', id],
			['on_asset_trash', [id]],
			['on_asset_restore', [id]],
			['on_asset_delete', id]
		]);
		for (const listener of [session, key]) expect(events(listener)).toEqual([]);
	});

	it('disappear for the others when they are locked, and return', async () => {
		const { user, token, unlockedToken, session, unlocked, key, sharing } = await scene();
		const id = await sharing.makePhoto(user.id);
		await call(token, 'PUT', '/assets', { ids: [id], visibility: 'locked' });
		await isHeard(unlocked, [['on_asset_update', id]]);
		for (const listener of [session, key]) await isHeard(listener, [['on_asset_hidden', id]]);
		await call(unlockedToken, 'PUT', `/assets/${id}`, { visibility: 'timeline' });
		for (const listener of [session, key])
			await isHeard(listener, [
				['on_asset_hidden', id],
				['on_asset_update', id]
			]);
	});

	it('are no longer announced once the session is locked', async () => {
		const { user, unlockedToken, unlocked, sharing } = await scene();
		const second = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() + 10 * 60_000) });
		const still = await hear(second);
		const id = await sharing.makePhoto(user.id, { visibility: 'locked' });
		await call(unlockedToken, 'POST', '/auth/session/lock');
		await call(second, 'PUT', `/assets/${id}`, { isFavorite: true });
		await isHeard(still, [['on_asset_update', id]]);
		expect(events(unlocked)).toEqual([]);
	});
});

describe('a motion part', () => {
	it('is hidden when it is attached, and shown again when it is detached', async () => {
		const { user, token, session, sharing } = await scene();
		const [photo, video] = [
			await sharing.makePhoto(user.id, { visibility: 'archive' }),
			await sharing.makePhoto(user.id, { type: 'VIDEO', originalFileName: 'a.mp4' })
		];
		await call(token, 'PUT', `/assets/${photo}`, { livePhotoVideoId: video });
		await isHeard(session, [
			['on_asset_hidden', video],
			['on_asset_update', photo]
		]);
		await call(token, 'PUT', `/assets/${photo}`, { livePhotoVideoId: null });
		await isHeard(session, [
			['on_asset_hidden', video],
			['on_asset_update', photo],
			['on_upload_success', video],
			['on_asset_update', photo]
		]);
		const found = await api.prisma.asset.findUniqueOrThrow({ where: { id: video } });
		expect(found.visibility).toBe('archive');
	});

	it('is never the photo itself', async () => {
		const { user, token, sharing } = await scene();
		const video = await sharing.makePhoto(user.id, { type: 'VIDEO', originalFileName: 'a.mp4' });
		const reply = await api.request('PUT', `/api/assets/${video}`, { token, body: { livePhotoVideoId: video } });
		expect(reply.status).toBe(400);
	});
});
