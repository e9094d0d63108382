import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import {
	accountShape,
	emailIssue,
	emailTypeIssue,
	message,
	stringIssue,
	tooLongIssue,
	tooShortIssue,
	validationFailed
} from '#tests/support/shapes.ts';

const api = useApi();
const dto = { email: 'Admin@Example.Test', password, name: 'Ada' };
const signUp = (body: unknown) => api.request('POST', '/api/auth/admin-sign-up', { body });

describe('POST /auth/admin-sign-up', () => {
	beforeEach(() => api.reset());

	it('returns 201 with every field of the user and no cookie', async () => {
		const reply = await signUp(dto);
		expect(reply.status).toBe(201);
		expect(reply.cookies).toEqual([]);
		expect(reply.body).toEqual(
			accountShape({
				email: 'admin@example.test',
				name: 'Ada',
				avatarColor: 'orange',
				isAdmin: true,
				shouldChangePassword: true,
				storageLabel: 'admin'
			})
		);
	});

	it('creates an admin who can act immediately, although shouldChangePassword is true', async () => {
		await signUp(dto);
		const login = await api.request('POST', '/api/auth/login', { body: { email: dto.email, password } });
		const cookie = login.cookies[0]?.split(';')[0] ?? '';
		expect((await api.request('GET', '/api/admin/users', { cookie })).status).toBe(200);
	});

	it('returns 400 The server already has an admin, the second time and for another email', async () => {
		await signUp(dto);
		for (const email of [dto.email, 'other@example.test']) {
			const reply = await signUp({ ...dto, email });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message('The server already has an admin'));
		}
		expect(await api.prisma.user.count()).toBe(1);
	});

	it('returns 201 if the only admin has been deleted', async () => {
		await api.accounts.makeAdmin({ deletedAt: new Date(), status: 'deleted' });
		expect((await signUp(dto)).status).toBe(201);
	});

	it('returns 201 if there are users but no admin', async () => {
		await api.accounts.makeUser();
		expect((await signUp(dto)).status).toBe(201);
	});

	it('returns 400 for an email that is taken', async () => {
		await api.accounts.makeUser({ email: 'admin@example.test' });
		const reply = await signUp(dto);
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('Email is not available'));
		expect(await api.prisma.user.count({ where: { isAdmin: true } })).toBe(0);
	});

	it('succeeds if another user has the storage label admin', async () => {
		await api.accounts.makeUser({ storageLabel: 'admin' });
		expect((await signUp(dto)).status).toBe(201);
	});

	it.each([
		['empty', {}, [emailTypeIssue(), stringIssue('password'), stringIssue('name')]],
		['with a bad e-mail', { ...dto, email: 'x' }, [emailIssue]],
		['with a null name', { ...dto, name: null }, [stringIssue('name', 'null')]],
		['with 7 characters of password', { ...dto, password: '1234567' }, [tooShortIssue('password')]],
		['with an empty password', { ...dto, password: '' }, [tooShortIssue('password')]],
		['with 73 bytes of password', { ...dto, password: 'x'.repeat(73) }, [tooLongIssue('password')]]
	])('returns 400 for a body %s', async (_, body, issues) => {
		const reply = await signUp(body);
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(...issues));
		expect(await api.prisma.user.count()).toBe(0);
	});

	it('drops unknown fields, so that no one signs up with more than allowed', async () => {
		const id = '11111111-1111-4111-a111-111111111111';
		const more = { id, isAdmin: false, status: 'deleted', deletedAt: '2020-01-01T00:00:00.000Z', quotaSizeInBytes: 1 };
		const { body } = await signUp({ ...dto, ...more });
		expect(body).toMatchObject({ isAdmin: true, status: 'active', deletedAt: null, quotaSizeInBytes: null });
		expect(body).not.toMatchObject({ id });
	});
});

describe('POST /auth/admin-sign-up with IMMICH_ALLOW_SETUP=false', () => {
	const closed = useApi({ env: { IMMICH_ALLOW_SETUP: 'false' } });

	it('returns 400 Admin setup is disabled', async () => {
		const reply = await closed.request('POST', '/api/auth/admin-sign-up', { body: dto });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(message('Admin setup is disabled'));
		expect(await closed.prisma.user.count()).toBe(0);
	});

	it('refuses the page and its form as well', async () => {
		const page = await closed.request('GET', '/auth/register', { headers: { accept: 'text/html' } });
		expect(page.status).toBe(303);
		expect(page.headers.location).toBe('/auth/login');
		const submitted = await closed.submit('/auth/register', { ...dto });
		expect(submitted.cookies).toEqual([]);
		expect(await closed.prisma.user.count()).toBe(0);
	});
});
