import { describe, expect, it } from 'vitest';
import { compare } from 'bcrypt';
import { password } from '#tests/support/accounts.ts';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { useApi } from '#tests/support/api.ts';
import {
	accountShape,
	emailIssue,
	emailTypeIssue,
	integerIssue,
	message,
	stringIssue,
	tooLongIssue,
	tooShortIssue,
	validationFailed
} from '#tests/support/shapes.ts';

const api = useApi();
const create = async (body: unknown) => {
	const { token } = await api.accounts.signInAdmin();
	return api.request('POST', '/api/admin/users', { token, body });
};
let count = 0;
const dto = (fields: object = {}) => ({
	email: `new-${(count += 1)}@example.test`,
	password,
	name: 'U',
	...fields
});
const made = async (fields: object = {}) => {
	const reply = await create(dto(fields));
	expect(reply.status).toBe(201);
	return UserAdminResponseDto.parse(reply.body);
};

describe('POST /admin/users', () => {
	it('returns 201 with every field for the required fields only', async () => {
		const reply = await create(dto({ email: 'U@Example.test' }));
		expect(reply.status).toBe(201);
		expect(reply.body).toEqual(
			accountShape({ email: 'u@example.test', name: 'U', shouldChangePassword: true, avatarColor: 'yellow' })
		);
	});

	it('returns 201 with every field given', async () => {
		const fields = { avatarColor: 'red', storageLabel: 'label', quotaSizeInBytes: 1_000, isAdmin: true };
		const reply = await create(dto({ ...fields, shouldChangePassword: false, notify: true, pinCode: '123456' }));
		expect(reply.body).toEqual(accountShape({ ...fields, name: 'U' }));
	});

	it('stores password and PIN as bcrypt hashes of cost 10', async () => {
		const { id } = await made({ pinCode: '123456' });
		const user = await api.accounts.findUser(id);
		for (const [hash, secret] of [
			[user.password, password],
			[user.pinCode, '123456']
		]) {
			expect(hash).toMatch(/^\$2b\$10\$/);
			// The library that Immich compares with.
			expect(await compare(secret ?? '', hash ?? '')).toBe(true);
		}
	});

	it('gives each user their own cluster group', async () => {
		const [one, other] = [await made(), await made()];
		expect(one.clusterGroupId).not.toBe(other.clusterGroupId);
	});

	it('drops unknown fields and fields that the caller cannot set', async () => {
		const id = '11111111-1111-4111-a111-111111111111';
		const user = await made({
			id,
			nonsense: 1,
			status: 'removing',
			deletedAt: '2020-01-01',
			quotaUsageInBytes: 5,
			oauthId: 'x'
		});
		expect(user).toMatchObject({ status: 'active', deletedAt: null, quotaUsageInBytes: 0, oauthId: '' });
		expect(user.id).not.toBe(id);
	});

	it.each([
		['a.b/../c', 'abc'],
		['..', null],
		['', null],
		[null, null],
		['d\\e:f*', 'def'],
		['CON', null]
	])('turns the storage label %j into %j', async (storageLabel, wanted) => {
		expect(await made({ storageLabel })).toMatchObject({ storageLabel: wanted });
	});

	it.each([
		['null for unlimited', null],
		['nothing at all', 0],
		['the largest safe integer', Number.MAX_SAFE_INTEGER]
	])('accepts a quota of %s', async (_, quotaSizeInBytes) => {
		expect(await made({ quotaSizeInBytes })).toMatchObject({ quotaSizeInBytes });
	});

	it.each([
		['empty', {}, [emailTypeIssue(), stringIssue('password'), stringIssue('name')]],
		['with a null name', dto({ name: null }), [stringIssue('name', 'null')]],
		['with a null password', dto({ password: null }), [stringIssue('password', 'null')]],
		['with a bad e-mail', dto({ email: 'x' }), [emailIssue]],
		['with 5 characters of password', dto({ password: '12345' }), [tooShortIssue('password')]],
		['with 73 bytes of password', dto({ password: 'x'.repeat(73) }), [tooLongIssue('password')]],
		['with a fraction as quota', dto({ quotaSizeInBytes: 1.5 }), [integerIssue(['quotaSizeInBytes'])]],
		[
			'with a negative quota',
			dto({ quotaSizeInBytes: -1 }),
			[
				{
					origin: 'number',
					code: 'too_small',
					minimum: 0,
					inclusive: true,
					path: ['quotaSizeInBytes'],
					message: 'Too small: expected number to be >=0'
				}
			]
		],
		[
			'with a PIN of five digits',
			dto({ pinCode: '12345' }),
			[
				{
					origin: 'string',
					code: 'invalid_format',
					format: 'regex',
					pattern: '/^\\d{6}$/',
					path: ['pinCode'],
					message: 'Invalid string: must match pattern /^\\d{6}$/'
				}
			]
		]
	])('returns 400 for a body %s', async (_, body, issues) => {
		const reply = await create(body);
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(...issues));
	});

	it('returns 400 password is required if it is empty', async () => {
		const reply = await create(dto({ password: '' }));
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('password is required'));
	});

	it('returns 400 Email is not available in any case, also for a deleted user’s', async () => {
		const { email } = await api.accounts.makeUser();
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const taken of [email, email.toUpperCase(), deleted.email]) {
			const reply = await create(dto({ email: taken }));
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message('Email is not available'));
		}
	});

	it('returns 400 for a storage label that equals a user’s ID, which names that user’s folder', async () => {
		const { id } = await api.accounts.makeUser();
		for (const storageLabel of [id, id.toUpperCase()]) {
			const reply = await create(dto({ storageLabel }));
			expect([reply.status, reply.body]).toEqual([400, message('Storage label already in use by another account')]);
		}
	});

	it('returns 400 for a storage label that is taken', async () => {
		await made({ storageLabel: 'taken' });
		const reply = await create(dto({ storageLabel: 't.a.k.e.n' }));
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('Storage label already in use by another account'));
	});

	it.each([true, false])(
		'keeps the password out of the response, log, audit log, and notifications, notify %j',
		async (notify) => {
			const body = dto({ password: `a-very-secret-${String(notify)}`, notify });
			const reply = await create(body);
			expect(reply.status).toBe(201);
			const [events, notifications] = [
				await api.prisma.auditEvent.findMany(),
				await api.prisma.notification.findMany({ where: { user: { email: body.email } } })
			];
			expect(events.map(({ action }) => action)).toContain('user.create');
			const kept = [
				reply.text,
				JSON.stringify([events.map(({ changes }) => changes), notifications]),
				api.lines.join('\n')
			].join('\n');
			expect(kept).not.toContain('a-very-secret');
		}
	);
});

describe('POST /admin/users with OAuth on', () => {
	const oauth = useApi({
		prepare: async ({ prisma }) => {
			await prisma.systemMetadata.create({ data: { key: 'system-config', value: { oauth: { enabled: true } } } });
		}
	});

	it('returns 201 for an empty password, creating an OAuth-only user', async () => {
		const { token } = await oauth.accounts.signInAdmin();
		const reply = await oauth.request('POST', '/api/admin/users', { token, body: dto({ password: '' }) });
		expect(reply.status).toBe(201);
		const { id, email } = UserAdminResponseDto.parse(reply.body);
		expect((await oauth.accounts.findUser(id)).password).toBeNull();
		expect((await oauth.request('POST', '/api/auth/login', { body: { email, password: '' } })).status).toBe(401);
	});
});
