import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';

const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.0/8, ::1' } });
const notifications = new Notifications(api);
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

async function login(email: string, address: string, userAgent = firefox, more = {}) {
	const headers = { 'user-agent': userAgent, 'x-forwarded-for': address, ...more };
	const reply = await api.request('POST', '/api/auth/login', { body: { email, password }, headers });
	expect(reply.status).toBe(201);
}

/** Signs in from each address and returns those after which there was one more notification. */
async function notifiedAfter(addresses: string[]): Promise<string[]> {
	const { id, email } = await api.accounts.makeUser();
	const told: string[] = [];
	for (const address of addresses) {
		const before = await notifications.listReceived(id);
		await login(email, address);
		if ((await notifications.listReceived(id)).length > before.length) told.push(address);
	}
	return told;
}

describe('the same browser', () => {
	it.each([
		['on another network', ['203.0.113.7', '198.51.100.9', '203.0.113.7'], ['198.51.100.9']],
		['with another address of the same network', ['203.0.113.7', '203.0.113.200'], []],
		['on another network of IPv6', ['2001:db8:1::7', '2001:db8:2::7', '2001:db8:1:5::9'], ['2001:db8:2::7']],
		['by IPv4 after IPv6', ['2001:db8:1::7', '203.0.113.7', '203.0.113.7'], ['203.0.113.7']],
		['on another network inside', ['10.0.5.7', '10.0.9.7'], ['10.0.9.7']]
	])('%s', async (_, addresses, told) => {
		expect(await notifiedAfter(addresses)).toEqual(told);
	});

	it('sends no notification at the first sign-in after an update that started recording networks', async () => {
		const { id, email } = await api.accounts.makeUser();
		await login(email, '203.0.113.7');
		await api.prisma.knownNetwork.deleteMany({ where: { userId: id } });
		await login(email, '198.51.100.9');
		expect(await notifications.listReceived(id)).toEqual([]);
		await login(email, '203.0.113.7');
		expect(await notifications.listReceived(id)).toHaveLength(1);
	});

	it('is marked as new among the user’s devices', async () => {
		const { id, email } = await api.accounts.makeUser();
		for (const address of ['203.0.113.7', '198.51.100.9']) await login(email, address);
		const marked = await api.prisma.sessionOrigin.findMany({
			where: { session: { userId: id }, newUntil: { not: null } }
		});
		expect(marked.map(({ signInAddress }) => signInAddress)).toEqual(['198.51.100.9']);
	});
});

describe('a notification of a sign-in', () => {
	it.each([
		['a User-Agent', 'YourBank/1.0 (Call 555-0100)', {}],
		['a User-Agent with other words', 'Call 555-0100/1.0 (X11)', {}],
		['a version of the app', 'immich-android/Call 555-0100', {}],
		['the device of an app', 'immich-ios/3.2.2', { devicetype: 'Call 555-0100', devicemodel: 'Call 555-0100' }]
	])('contains no text from %s', async (_, userAgent, headers) => {
		const { id, email } = await api.accounts.makeUser();
		await login(email, '203.0.113.7');
		await login(email, '198.51.100.9', userAgent, headers);
		const [notice] = await notifications.listReceived(id);
		expect(notice?.title).toBe('Sign-in from a new device');
		expect(JSON.stringify(notice)).not.toMatch(/555|bank/i);
	});

	it('contains no text from X-Forwarded-For', async () => {
		const { id, email } = await api.accounts.makeUser();
		await login(email, '203.0.113.7');
		await login(email, 'call-555-0100');
		const [notice] = await notifications.listReceived(id);
		expect(notice?.description).toMatch(/, from (?:127\.0\.0\.1|an unknown address)\. /);
		expect(JSON.stringify(notice)).not.toContain('555');
	});
});
