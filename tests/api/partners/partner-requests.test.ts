import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PartnerRequestDto } from '#lib/contract/partners/partner.ts';
import { Albums, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { userRow, whileItWaits } from '#tests/support/held.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import { message, userShape } from '#tests/support/shapes.ts';

const api = useApi();
useSettings(api, { immichAuth: { partners: { mustAccept: true } } });
const notifications = new Notifications(api);
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const answer = async (member: Member, method: string, path: string, body?: unknown) => {
	const reply = await albums.call(member, method, `/partners${path}`, body);
	return [reply.status, reply.body];
};
const ask = (member: Member, sharedWithId: string) => answer(member, 'POST', '', { sharedWithId });
const accept = (member: Member, id: string) => answer(member, 'POST', `/requests/${id}/accept`);
const decline = (member: Member, id: string) => answer(member, 'POST', `/requests/${id}/decline`);
const withdraw = (member: Member, id: string) => answer(member, 'DELETE', `/${id}`);
const waiting = async (member: Member, direction: string) => {
	const [status, body] = await answer(member, 'GET', `/requests?direction=${direction}`);
	expect(status).toBe(200);
	return z
		.array(PartnerRequestDto.strict())
		.parse(body)
		.map(({ user }) => user.id);
};
const partners = async (member: Member, direction: string) => {
	const [, body] = await answer(member, 'GET', `?direction=${direction}`);
	return (body as { id: string }[]).map(({ id }) => id);
};
const pair = async () => [await albums.signIn('Ada'), await albums.signIn('Bob')] as const;
const expire = (sharedById: string) =>
	api.prisma.partnerRequest.updateMany({ where: { sharedById }, data: { expiresAt: new Date(Date.now() - 1_000) } });
const refused = (text: string) => [400, message(text)];
const noRequest = refused('Partner request not found');

describe('where partners must accept', () => {
	it('a library is shared only after that', async () => {
		const [ada, bob] = await pair();
		expect(await ask(ada, bob.id)).toEqual([201, userShape({ id: bob.id, name: 'Bob', inTimeline: false })]);
		expect(await partners(bob, 'shared-with')).toEqual([]);
		expect(await api.prisma.partner.count({ where: { sharedById: ada.id } })).toBe(0);
		expect(await waiting(bob, 'shared-with')).toEqual([ada.id]);
		expect(await waiting(ada, 'shared-by')).toEqual([bob.id]);
		expect(await waiting(ada, 'shared-with')).toEqual([]);
		expect(await notifications.listReceived(bob.id)).toMatchObject([
			{ title: 'Someone wants to share their library with you' }
		]);
		expect(await accept(bob, ada.id.toUpperCase())).toEqual([
			200,
			userShape({ id: ada.id, name: 'Ada', inTimeline: false })
		]);
		expect(await partners(bob, 'shared-with')).toEqual([ada.id]);
		expect(await waiting(bob, 'shared-with')).toEqual([]);
		expect(await notifications.listReceived(ada.id)).toMatchObject([{ title: 'Your library was accepted' }]);
		expect(await accept(bob, ada.id)).toEqual(noRequest);
		expect(await ask(ada, bob.id)).toEqual(refused('Partner already exists'));
	});

	it('only the user who is asked accepts or declines', async () => {
		const [ada, bob] = await pair();
		const other = await albums.signIn();
		await ask(ada, bob.id);
		for (const answerIt of [accept, decline]) {
			expect(await answerIt(other, ada.id)).toEqual(noRequest);
			expect(await answerIt(ada, bob.id)).toEqual(noRequest);
			expect(await answerIt(ada, ada.id)).toEqual(noRequest);
		}
		expect(await waiting(bob, 'shared-with')).toEqual([ada.id]);
	});

	it('a declined one can’t be accepted or repeated until it expires, and looks as if it waited', async () => {
		const [ada, bob] = await pair();
		await ask(ada, bob.id);
		expect(await decline(bob, ada.id)).toEqual([204, '']);
		expect(await waiting(bob, 'shared-with')).toEqual([]);
		expect(await waiting(ada, 'shared-by')).toEqual([bob.id]);
		expect(await accept(bob, ada.id)).toEqual(noRequest);
		expect(await ask(ada, bob.id)).toEqual(refused('Partner request already exists'));
		expect(await withdraw(ada, bob.id)).toEqual([204, '']);
		expect(await ask(ada, bob.id)).toEqual(refused('Partner request already exists'));
		await expire(ada.id);
		expect((await ask(ada, bob.id))[0]).toBe(201);
		expect((await accept(bob, ada.id))[0]).toBe(200);
	});

	it('one that has expired or was withdrawn can’t be accepted', async () => {
		const [ada, bob] = await pair();
		await ask(ada, bob.id);
		await expire(ada.id);
		expect(await waiting(bob, 'shared-with')).toEqual([]);
		expect(await waiting(ada, 'shared-by')).toEqual([]);
		expect(await accept(bob, ada.id)).toEqual(noRequest);
		expect(await withdraw(ada, bob.id)).toEqual(refused('Partner not found'));
		await ask(ada, bob.id);
		expect(await withdraw(ada, bob.id)).toEqual([204, '']);
		expect(await accept(bob, ada.id)).toEqual(noRequest);
		expect(await partners(bob, 'shared-with')).toEqual([]);
	});

	it('one of a deleted user is hidden and can’t be accepted', async () => {
		const [ada, bob] = await pair();
		await ask(ada, bob.id);
		await api.prisma.user.update({ where: { id: ada.id }, data: { deletedAt: new Date() } });
		expect(await waiting(bob, 'shared-with')).toEqual([]);
		expect(await accept(bob, ada.id)).toEqual(noRequest);
	});

	it('one that is withdrawn while it is accepted is not accepted', async () => {
		const [ada, bob] = await pair();
		await ask(ada, bob.id);
		const reply = await whileItWaits(
			api,
			userRow(bob.id),
			() => accept(bob, ada.id),
			() => withdraw(ada, bob.id)
		);
		expect(reply).toEqual(noRequest);
		expect(await api.prisma.partner.count({ where: { sharedById: ada.id } })).toBe(0);
	});

	it('both answers at the same moment have one winner', async () => {
		const [ada, bob] = await pair();
		await ask(ada, bob.id);
		const replies = await Promise.all([accept(bob, ada.id), decline(bob, ada.id), accept(bob, ada.id)]);
		expect(replies.filter(([status]) => status !== 400)).toHaveLength(1);
	});

	it('records every answer, and makes none without the event', async () => {
		const block = new AuditBlock(api);
		await block.prepare();
		const [ada, bob] = await pair();
		const send = async (member: Member, method: string, path: string, body?: object) => ({
			status: (await albums.call(member, method, `/partners${path}`, body)).status
		});
		await block.tryInVain('partner.request', () => send(ada, 'POST', '', { sharedWithId: bob.id }));
		await ask(ada, bob.id);
		await block.tryInVain('partner.withdraw', () => send(ada, 'DELETE', `/${bob.id}`));
		await block.tryInVain('partner.accept', () => send(bob, 'POST', `/requests/${ada.id}/accept`));
		await block.tryInVain('partner.decline', () => send(bob, 'POST', `/requests/${ada.id}/decline`));
		await withdraw(ada, bob.id);
		await ask(ada, bob.id);
		await accept(bob, ada.id);
		await ask(bob, ada.id);
		await decline(ada, bob.id);
		const admin = await api.accounts.signInAdmin();
		expect(await new AuditLog(api, admin.token).story(`user=${ada.id}`)).toEqual([
			'Ada: partner.request of Bob',
			'Ada: partner.withdraw of Bob',
			'Ada: partner.request of Bob',
			'Bob: partner.accept of Ada',
			'Bob: partner.request of Ada',
			'Ada: partner.decline of Bob'
		]);
	});
});
