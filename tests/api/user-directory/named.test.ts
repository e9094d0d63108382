import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NamedUserDto } from '#lib/contract/user-directory/user-suggestion.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const Named = z.array(NamedUserDto.strict());
const path = (q: string) => `/api/admin/user-directory/named?q=${encodeURIComponent(q)}`;
let token = '';

async function emailsFor(q: string): Promise<string[]> {
	const { status, body } = await api.request('GET', path(q), { token });
	expect(status, q).toBe(200);
	return Named.parse(body).map(({ email }) => email);
}

describe('GET /admin/user-directory/named', () => {
	beforeEach(async () => {
		await api.reset();
		({ token } = await api.accounts.signInAdmin({ name: 'Root', email: 'root@example.test' }));
	});

	it('returns 200 with those whose email begins with the text, by email, in any case', async () => {
		for (const name of ['adam', 'ada', 'bob'])
			await api.accounts.makeUser({ email: `${name}@example.test`, name: 'ada' });
		for (const q of ['ada', 'ADA', ' a'])
			expect(await emailsFor(q), q).toEqual(['ada@example.test', 'adam@example.test']);
		expect(await emailsFor('da')).toEqual([]);
	});

	it('returns only the user whose email it is, even if others begin with it', async () => {
		for (const email of ['a@example.te', 'a@example.test']) await api.accounts.makeUser({ email });
		expect(await emailsFor('A@example.te')).toEqual(['a@example.te']);
		expect(await emailsFor('a@example.t')).toHaveLength(2);
	});

	it('finds by any beginning of an ID, with its dashes in place', async () => {
		const { id, email } = await api.accounts.makeUser({ email: 'z@example.test' });
		for (const length of [7, 8, 9, 13, 14, 36])
			expect(await emailsFor(id.slice(0, length)), String(length)).toEqual([email]);
		expect(await emailsFor(id.toUpperCase())).toEqual([email]);
		for (const q of [`${id}0`, `${id.slice(0, 7)}-`, id.replaceAll('-', ''), '-', 'g'])
			expect(await emailsFor(q), q).toEqual([]);
	});

	it('finds deleted users too, at most ten, and treats special characters literally', async () => {
		await api.accounts.makeUser({ email: 'dora@example.test', deletedAt: new Date(), status: 'deleted' });
		expect(await emailsFor('dora')).toEqual(['dora@example.test']);
		for (let number = 0; number < 12; number += 1) await api.accounts.makeUser({ email: `x${number}@example.test` });
		expect(await emailsFor('x')).toHaveLength(10);
		for (const q of ['%', '_', '\\', "' OR true --", '', '   ']) expect(await emailsFor(q), q).toEqual([]);
	});

	it('returns 400 without a text, for one that is too long, and for a non-text', async () => {
		expect((await api.request('GET', '/api/admin/user-directory/named', { token })).status).toBe(400);
		for (const q of ['x'.repeat(255), 'a\0b']) expect((await api.request('GET', path(q), { token })).status).toBe(400);
	});

	it('returns 401 without a credential, 403 for users and for a key without the permission', async () => {
		const user = await api.accounts.signIn();
		const admin = await api.accounts.makeAdmin();
		const apiKey = await api.accounts.makeApiKey(admin.id, ['user.read']);
		expect((await api.request('GET', path('a'))).status).toBe(401);
		expect((await api.request('GET', path('a'), { token: user.token })).status).toBe(403);
		const byKey = await api.request('GET', path('a'), { apiKey });
		expect([byKey.status, byKey.body]).toEqual([403, message('Missing required permission: adminUser.read')]);
	});
});
