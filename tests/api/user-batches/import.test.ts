import { beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches, readCsv } from '#tests/support/batches.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const gib = 2 ** 30;
const passwordReadable = /^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/;
let batches: Batches;
let admin: { id: string };

beforeEach(async () => {
	await api.reset();
	const { user, token } = await api.accounts.signInAdmin();
	admin = user;
	batches = new Batches(api, token);
});

const accountsNamed = (email: string) => api.prisma.user.findMany({ where: { email: { startsWith: email } } });
const getRefusal = async (csv: string) => {
	const { status, body } = await batches.call('POST', '/import', { csv });
	return [status, body];
};

describe('POST /admin/user-batches/import', () => {
	it('returns 201 with a draft and creates nothing before the start', async () => {
		const draft = await batches.draftImport('name,email\nLena,lena@example.test\n');
		expect(draft).toMatchObject({ kind: 'create', state: 'draft', total: 1, waiting: 1, createdBy: admin.id });
		expect(await accountsNamed('lena')).toEqual([]);
		expect(await batches.listItems(draft.id)).toEqual([
			{ position: 2, userId: null, email: 'lena@example.test', name: 'Lena', outcome: null, reason: null }
		]);
	});

	it.each([
		['commas', 'name,email\nLena,lena@example.test\nBen,ben@example.test\n'],
		['semicolons', 'name;email\nLena;lena@example.test\nBen;ben@example.test\n'],
		['tabs', 'name\temail\nLena\tlena@example.test\nBen\tben@example.test\n'],
		['a mark at the beginning', '\uFEFFname,email\nLena,lena@example.test\nBen,ben@example.test\n'],
		['Windows’ ends of lines', 'name,email\r\nLena,lena@example.test\r\nBen,ben@example.test\r\n'],
		['quotes', '"name","email"\n"Lena","lena@example.test"\n"Ben","ben@example.test"'],
		['empty lines and spaces', '\n name , email \n\n  Lena ,lena@example.test \n\n Ben, ben@example.test\n\n'],
		['other names of the columns', 'Full Name,E-MAIL\nLena,lena@example.test\nBen,ben@example.test\n'],
		['unknown columns', 'shoe,name,hat,email\n41,Lena,7,lena@example.test\n,Ben,,ben@example.test\n'],
		['capitals in an address', 'name,email\nLena,LENA@Example.TEST\nBen,ben@example.test\n']
	])('reads a file with %s', async (_, csv) => {
		const { batch } = await batches.runImport(csv);
		expect(batch).toMatchObject({ total: 2, done: 2, failed: 0 });
		expect((await accountsNamed('lena')).map(({ name, email }) => [name, email])).toEqual([
			['Lena', 'lena@example.test']
		]);
		expect((await accountsNamed('ben')).map(({ name }) => name)).toEqual(['Ben']);
	});

	it('reads all columns, with human-readable quotas', async () => {
		const { items } = await batches.runImport(
			'name,email,quota,role,storage label\n' +
				'A,a@x.test,10 GiB,admin,a.b/c\nB,b@x.test,"500 MB",user,\nC,c@x.test,2.5,,\nD,d@x.test,,no,\nE,e@x.test,0,,\n'
		);
		expect(items.map(({ reason }) => reason)).toEqual([null, null, null, null, null]);
		const rows = await api.prisma.user.findMany({
			where: { email: { endsWith: '@x.test' } },
			orderBy: { email: 'asc' }
		});
		expect(rows.map((row) => [row.isAdmin, row.storageLabel, row.quotaSizeInBytes, row.shouldChangePassword])).toEqual([
			[true, 'abc', BigInt(10 * gib), true],
			[false, null, 500_000_000n, true],
			[false, null, BigInt(2.5 * gib), true],
			[false, null, null, true],
			[false, null, 0n, true]
		]);
		expect(new Set(rows.map(({ clusterGroupId }) => clusterGroupId)).size).toBe(5);
	});

	it('accepts quotaInBytes, as the export writes it', async () => {
		await batches.runImport('name,email,quotaInBytes\nA,a@x.test,10737418240\nB,b@x.test,\n');
		const rows = await api.prisma.user.findMany({
			where: { email: { endsWith: '@x.test' } },
			orderBy: { email: 'asc' }
		});
		expect(rows.map(({ quotaSizeInBytes }) => quotaSizeInBytes)).toEqual([BigInt(10 * gib), null]);
	});

	it('uses only the header’s separator as the separator', async () => {
		await batches.runImport('name,email\nBrandt; Lena,lena@example.test\n');
		expect(await accountsNamed('lena')).toMatchObject([{ name: 'Brandt; Lena' }]);
		await batches.runImport('name;email;quota\nOkafor, Ben;ben@example.test;10 GiB\n');
		expect(await accountsNamed('ben')).toMatchObject([{ name: 'Okafor, Ben', quotaSizeInBytes: BigInt(10 * gib) }]);
	});

	it('gives a reason for each invalid line and creates the other users', async () => {
		await api.accounts.makeUser({ email: 'taken@x.test', storageLabel: 'taken' });
		await api.accounts.makeUser({ email: 'deleted@x.test', deletedAt: new Date(), status: 'deleted' });
		const lines = [
			'name,email,quota,role,label',
			'Good,good@x.test,,,',
			'Bad,nonsense,,,',
			',nameless@x.test,,,',
			'Quota,quota@x.test,lots,,',
			'Role,role@x.test,,king,',
			'Taken,TAKEN@x.test,,,',
			'Deleted,deleted@x.test,,,',
			'Label,label@x.test,,,taken',
			'Twice,good@x.test,,,',
			'First,first@x.test,,,mine',
			'Second,second@x.test,,,mine',
			'All,bad,bad,bad,',
			'Short,short@x.test'
		];
		const { batch, items } = await batches.runImport(lines.join('\n'));
		expect(items.map(({ position, outcome, reason }) => [position, outcome, reason])).toEqual([
			[2, 'done', null],
			[3, 'failed', 'Invalid email address'],
			[4, 'failed', 'A name of at most 100 characters is needed'],
			[5, 'failed', 'Invalid quota – use a size such as 10 GB'],
			[6, 'failed', 'Role must be “admin” or “user”'],
			[7, 'failed', 'This email is already in use'],
			[8, 'failed', 'This email is already in use'],
			[9, 'failed', 'The storage label is in use'],
			[10, 'failed', 'The e-mail address stands in line 2 too'],
			[11, 'done', null],
			[12, 'failed', 'The storage label stands in line 11 too'],
			[13, 'failed', 'Invalid email address. Invalid quota – use a size such as 10 GB. Role must be “admin” or “user”'],
			[14, 'done', null]
		]);
		expect(batch).toMatchObject({ total: 13, done: 3, failed: 10 });
		const made = await api.prisma.user.count({
			where: { email: { in: ['good@x.test', 'first@x.test', 'short@x.test'] } }
		});
		expect(made).toBe(3);
		expect(await api.prisma.clusterGroup.count()).toBe(await api.prisma.user.count());
		expect(readCsv((await batches.call('GET', `/${batch.id}/result`)).text)[1]).toEqual({
			line: '3',
			email: 'nonsense',
			name: 'Bad',
			outcome: 'failed',
			reason: 'Invalid email address',
			userId: ''
		});
	});

	it('checks again at the start: what was taken since fails, the rest is created', async () => {
		const { id } = await batches.draftImport('name,email,label\nA,a@x.test,\nB,b@x.test,lb\nC,c@x.test,\n');
		await api.accounts.makeUser({ email: 'a@x.test' });
		await api.accounts.makeUser({ storageLabel: 'lb' });
		await batches.start(id);
		await batches.finish(id);
		expect((await batches.listItems(id)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'This email is already in use'],
			['failed', 'The storage label is in use'],
			['done', null]
		]);
	});

	it('retries the failed lines', async () => {
		const { id } = await batches.draftImport('name,email\nA,a@x.test\nB,b@x.test\n');
		const rival = await api.accounts.makeUser({ email: 'a@x.test' });
		await batches.start(id);
		expect(await batches.finish(id)).toMatchObject({ done: 1, failed: 1 });
		await api.prisma.user.update({ where: { id: rival.id }, data: { email: 'z@x.test' } });
		const retry = await batches.draftRetry(id);
		expect(retry).toMatchObject({ kind: 'create', total: 1, waiting: 1 });
		await batches.start(retry.id);
		expect(await batches.finish(retry.id)).toMatchObject({ done: 1, failed: 0 });
		expect(await accountsNamed('a@')).toMatchObject([{ name: 'A' }]);
	});

	it('gives the reason again when retrying lines that are never valid', async () => {
		const { batch } = await batches.runImport('name,email,quota\nA,nonsense,\nB,b@x.test,lots\n');
		const retry = await batches.draftRetry(batch.id);
		expect(retry).toMatchObject({ total: 2, waiting: 0, failed: 2 });
		expect((await batches.listItems(retry.id)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'Invalid email address'],
			['failed', 'Invalid quota – use a size such as 10 GB']
		]);
		expect(await api.prisma.user.count({ where: { email: { in: ['nonsense', 'b@x.test'] } } })).toBe(0);
	});

	it.each([
		['', 'The file contains no rows.'],
		['name,email\n', 'The file contains no rows.'],
		['name\nLena\n', 'The first line must name the columns; ‘email’ is missing.'],
		['email\nlena@example.test\n', 'The first line must name the columns; ‘name’ is missing.'],
		[
			'name,email,password\nLena,lena@x.test,secret\n',
			'Remove the password column. Temporary passwords are generated here.'
		],
		['name,email,e-mail\nLena,lena@x.test,other@x.test\n', 'Two columns are called ‘email’.'],
		['name,email\n"Lena,lena@x.test\n', 'A quotation mark is never closed.'],
		['name,email\nLe"na,lena@x.test\n', 'The file is no CSV that can be read: look in line 2.'],
		['name,email\nL\uFFFDna,lena@x.test\n', 'The file isn’t UTF-8 encoded. Save it as “CSV UTF-8” and try again.']
	])('returns 400 for %j', async (csv, says) => {
		expect(await getRefusal(csv)).toEqual([400, message(says)]);
		expect(await api.prisma.userBatch.count()).toBe(0);
	});

	it.each([{}, { csv: 5 }, { csv: null }, { csv: 'name,email\nA,a@x.test', withPasswords: 'yes' }])(
		'returns 400 for %j',
		async (body) => {
			const reply = await batches.call('POST', '/import', body);
			expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
		}
	);

	it('returns 400 for 20,001 lines', async () => {
		const csv = `name,email\n${Array.from({ length: 20_001 }, (_, index) => `P,p${index}@x.test`).join('\n')}`;
		expect(await getRefusal(csv)).toEqual([400, message('At most 20,000 accounts can be made from one file.')]);
	});

	it('returns 413 for more than 5 MB', async () => {
		const reply = await batches.call('POST', '/import', { csv: 'x'.repeat(5 * 1024 * 1024 + 70_000) });
		expect([reply.status, reply.body]).toEqual([413, message('Request body is too large')]);
	});

	it('survives very long fields and split surrogate pairs', async () => {
		const long = '😀'.repeat(1_500);
		const { items } = await batches.runImport(
			`name,email,label,role,quota\n${long},a@x.test,,,\nx${long},${long},${long},${long},${long}\nOk,ok@x.test,,,\n`
		);
		expect(items.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'done']);
		expect(items[1]?.name.length).toBeLessThanOrEqual(100);
		expect(items[1]?.name.isWellFormed()).toBe(true);
	});

	it('returns 400 for a line that is longer than any valid one', async () => {
		const csv = `name,email\nOk,ok@x.test\n${'x'.repeat(30_000)},a@x.test\n`;
		expect(await getRefusal(csv)).toMatchObject([400, { message: expect.stringContaining('too long') as string }]);
	});

	it('treats formulas as text and returns them as text', async () => {
		const { batch, items } = await batches.runImport(
			`name,email\n"=cmd|' /C calc'!A0",=a@x.test\n'=1+1,b@x.test\n'Tis,c@x.test\n`
		);
		expect(items.map(({ name, email, outcome }) => [name, email, outcome])).toEqual([
			[`=cmd|' /C calc'!A0`, '=a@x.test', 'done'],
			['=1+1', 'b@x.test', 'done'],
			["'Tis", 'c@x.test', 'done']
		]);
		const rows = readCsv((await batches.call('GET', `/${batch.id}/result`)).text);
		expect(rows.map(({ name, email }) => [name, email])).toEqual([
			[`'=cmd|' /C calc'!A0`, "'=a@x.test"],
			["'=1+1", 'b@x.test'],
			["'Tis", 'c@x.test']
		]);
	});

	it('creates 1,000 users without passwords within seconds', async () => {
		const csv = `name,email\n${Array.from({ length: 1_000 }, (_, index) => `P ${index},p${index}@x.test`).join('\n')}`;
		const { batch, downloadKey } = await batches.runImport(csv);
		expect(batch).toMatchObject({ total: 1_000, done: 1_000, passwords: 0 });
		expect(downloadKey).toBeNull();
		const made = { email: { endsWith: '@x.test' } };
		expect(await api.prisma.user.count({ where: { ...made, password: null, shouldChangePassword: true } })).toBe(1_000);
	});

	it('creates passwords with which each user can sign in and which they must change', async () => {
		const lines = Array.from({ length: 10 }, (_, index) => `P ${index},p${index}@x.test`);
		const { batch, downloadKey } = await batches.runImport(`name,email\n${lines.join('\n')}\nBad,bad\n`, true);
		expect(batch).toMatchObject({ done: 10, failed: 1, passwords: 10 });
		const passwords = await batches.takePasswords(batch.id, downloadKey);
		expect(passwords.size).toBe(10);
		for (const [email, password] of passwords) {
			expect(password).toMatch(passwordReadable);
			const reply = await api.request('POST', '/api/auth/login', { body: { email, password } });
			expect(reply.body).toMatchObject({ userEmail: email, shouldChangePassword: true });
		}
		expect(await api.prisma.passwordState.count({ where: { setBy: admin.id } })).toBe(10);
	});
});

describe('the file form', () => {
	it('shows the error at the field and does not send the file back', async () => {
		const { token } = await api.accounts.signInAdmin();
		const form = new FormData();
		form.set('csv', new File([`name,email\n${','.repeat(2_000_000)}`], 'users.csv', { type: 'text/csv' }));
		const sent = new Response(form);
		const reply = await api.request('POST', '/admin/users/import', {
			cookie: buildCookie(token),
			raw: Buffer.from(await sent.arrayBuffer()),
			headers: {
				accept: 'text/html',
				origin: api.url,
				host: new URL(api.url).host,
				'content-type': sent.headers.get('content-type') ?? ''
			}
		});
		expect(reply.status).toBe(400);
		expect(reply.text).toMatch(/id="csv"[^>]*aria-invalid="true"/);
		expect(reply.text).toContain('Line 2 has more than 200 columns.');
		expect(reply.text.length).toBeLessThan(200_000);
	});
});
