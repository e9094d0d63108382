import {
	createPartner,
	createPartnerDeprecated,
	getPartners,
	init,
	PartnerDirection,
	removePartner,
	updatePartner
} from '@immich/sdk';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, noAccess, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { userRow, whileItWaits } from '#tests/support/held.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { message, userShape } from '#tests/support/shapes.ts';

const api = useApi();
const notifications = new Notifications(api);
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const answer = async (member: Member, method: string, path: string, body?: unknown) => {
	const reply = await albums.call(member, method, `/partners${path}`, body);
	return [reply.status, reply.body];
};
const share = (member: Member, sharedWithId: string) => answer(member, 'POST', '', { sharedWithId });
const list = async (member: Member, direction: string) => {
	const [status, body] = await answer(member, 'GET', `?direction=${direction}`);
	expect(status).toBe(200);
	return (body as { id: string }[]).map(({ id }) => id);
};
const pair = async () => [await albums.signIn('Ada'), await albums.signIn('Bob')] as const;
/** Whether the album access rules let a user add another's photo to an own album. */
const isSeen = async (member: Member, photo: string) => {
	const id = await albums.sharing.makeAlbum([[member.id, 'owner']]);
	const reply = await albums.call(member, 'PUT', `/albums/${id}/assets`, { ids: [photo] });
	return (reply.body as { success: boolean }[])[0]?.success;
};
const refused = (text: string) => [400, message(text)];

describe('sharing the library', () => {
	it('has effect immediately, in one direction, and notifies the receiver', async () => {
		const [ada, bob] = await pair();
		const photo = await albums.sharing.makePhoto(ada.id);
		expect(await isSeen(bob, photo)).toBe(false);
		expect(await share(ada, bob.id.toUpperCase())).toEqual([
			201,
			userShape({ id: bob.id, name: 'Bob', inTimeline: false })
		]);
		expect(await isSeen(bob, photo)).toBe(true);
		expect(await list(ada, 'shared-by')).toEqual([bob.id]);
		expect(await list(ada, 'shared-with')).toEqual([]);
		expect(await list(bob, 'shared-with')).toEqual([ada.id]);
		expect(await list(bob, 'shared-by')).toEqual([]);
		expect(await notifications.listReceived(bob.id)).toMatchObject([{ title: 'A library is shared with you' }]);
		expect(await isSeen(ada, await albums.sharing.makePhoto(bob.id))).toBe(false);
	});

	it('is refused with oneself, an unknown or deleted user, and a second time', async () => {
		const [ada, bob] = await pair();
		const deleted = await albums.signIn();
		await api.prisma.user.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });
		expect(await share(ada, ada.id)).toEqual(refused('Cannot share with yourself'));
		expect(await share(ada, ada.id.toUpperCase())).toEqual(refused('Cannot share with yourself'));
		for (const id of [randomUUID(), deleted.id]) expect(await share(ada, id)).toEqual(refused('Invalid user'));
		await share(ada, bob.id);
		expect(await share(ada, bob.id)).toEqual(refused('Partner already exists'));
		expect(await answer(ada, 'POST', `/${bob.id}`)).toEqual(refused('Partner already exists'));
		expect(await list(ada, 'shared-by')).toEqual([bob.id]);
	});

	it('is done once by parallel requests', async () => {
		const [ada, bob] = await pair();
		const replies = await Promise.all([1, 2, 3].map(() => share(ada, bob.id)));
		expect(replies.map(([status]) => Number(status)).sort()).toEqual([201, 400, 400]);
		expect(await notifications.listReceived(bob.id)).toHaveLength(1);
	});

	it('is not done with a user who is deleted meanwhile', async () => {
		const [ada, bob] = await pair();
		const reply = await whileItWaits(
			api,
			userRow(ada.id),
			() => share(ada, bob.id),
			() => api.prisma.user.update({ where: { id: bob.id }, data: { deletedAt: new Date() } })
		);
		expect(reply).toEqual(refused('Invalid user'));
	});
});

describe('the timeline switch', () => {
	it('is the receiver’s only', async () => {
		const [ada, bob] = await pair();
		await share(ada, bob.id);
		const path = `/${ada.id.toUpperCase()}`;
		expect(await answer(bob, 'PUT', path, { inTimeline: true })).toEqual([
			200,
			userShape({ id: ada.id, name: 'Ada', inTimeline: true })
		]);
		expect(await answer(ada, 'PUT', `/${bob.id}`, { inTimeline: true })).toEqual(noAccess('partner.update'));
		expect(await answer(bob, 'PUT', `/${randomUUID()}`, { inTimeline: true })).toEqual(noAccess('partner.update'));
		const [, partners] = await answer(bob, 'GET', '?direction=shared-with');
		expect(partners).toMatchObject([{ id: ada.id, inTimeline: true }]);
	});
});

describe('ending it', () => {
	it('is possible for both, each on their own path, immediately in effect', async () => {
		const [ada, bob] = await pair();
		const photo = await albums.sharing.makePhoto(ada.id);
		await share(ada, bob.id);
		expect(await answer(bob, 'DELETE', `/${ada.id}`)).toEqual(refused('Partner not found'));
		expect(await answer(ada, 'DELETE', `/${bob.id}/received`)).toEqual(refused('Partner not found'));
		expect(await answer(ada, 'DELETE', `/${bob.id}`)).toEqual([204, '']);
		expect(await isSeen(bob, photo)).toBe(false);
		await share(ada, bob.id);
		expect(await answer(bob, 'DELETE', `/${ada.id}/received`)).toEqual([204, '']);
		expect(await isSeen(bob, photo)).toBe(false);
		expect(await answer(ada, 'DELETE', `/${bob.id}`)).toEqual(refused('Partner not found'));
	});
});

describe('a deleted user', () => {
	it('has no partners, and has them again after a restore', async () => {
		const admin = await api.accounts.signInAdmin();
		const [ada, bob] = await pair();
		const photo = await albums.sharing.makePhoto(ada.id);
		await share(ada, bob.id);
		await share(bob, ada.id);
		await api.request('DELETE', `/api/admin/users/${ada.id}`, { token: admin.token, body: {} });
		for (const direction of ['shared-by', 'shared-with']) expect(await list(bob, direction)).toEqual([]);
		expect(await isSeen(bob, photo)).toBe(false);
		expect(await answer(bob, 'PUT', `/${ada.id}`, { inTimeline: true })).toEqual(noAccess('partner.update'));
		await api.request('POST', `/api/admin/users/${ada.id}/restore`, { token: admin.token });
		for (const direction of ['shared-by', 'shared-with']) expect(await list(bob, direction)).toEqual([ada.id]);
		expect(await isSeen(bob, photo)).toBe(true);
	});
});

it('records every change, and makes none without the event', async () => {
	const block = new AuditBlock(api);
	await block.prepare();
	const [ada, bob] = await pair();
	const send = async (member: Member, method: string, path: string, body?: object) => ({
		status: (await albums.call(member, method, `/partners${path}`, body)).status
	});
	const add = () => send(ada, 'POST', '', { sharedWithId: bob.id });
	const update = () => send(bob, 'PUT', `/${ada.id}`, { inTimeline: true });
	const remove = () => send(ada, 'DELETE', `/${bob.id}`);
	const leave = () => send(bob, 'DELETE', `/${ada.id}/received`);
	await block.tryInVain('partner.add', add);
	await add();
	await block.tryInVain('partner.update', update);
	for (const _ of [1, 2]) await update();
	await block.tryInVain('partner.remove', remove);
	await block.tryInVain('partner.leave', leave);
	await remove();
	await add();
	await leave();
	const admin = await api.accounts.signInAdmin();
	expect(await new AuditLog(api, admin.token).story(`user=${ada.id}`)).toEqual([
		'Ada: partner.add of Bob',
		'Bob: partner.update of Ada',
		'Ada: partner.remove of Bob',
		'Ada: partner.add of Bob',
		'Bob: partner.leave of Ada'
	]);
});

it('the SDK calls every operation of partners', async () => {
	const [ada, bob] = await pair();
	const keys = [await api.accounts.makeApiKey(ada.id), await api.accounts.makeApiKey(bob.id)] as const;
	const act = (apiKey: string) => init({ baseUrl: `${api.url}/api`, apiKey });
	act(keys[0]);
	expect((await createPartner({ partnerCreateDto: { sharedWithId: bob.id } })).id).toBe(bob.id);
	expect(await getPartners({ direction: PartnerDirection.SharedBy })).toHaveLength(1);
	act(keys[1]);
	expect((await updatePartner({ id: ada.id, partnerUpdateDto: { inTimeline: true } })).inTimeline).toBe(true);
	expect(await getPartners({ direction: PartnerDirection.SharedWith })).toMatchObject([{ inTimeline: true }]);
	act(keys[0]);
	await removePartner({ id: bob.id });
	expect((await createPartnerDeprecated({ id: bob.id })).inTimeline).toBe(false);
});
