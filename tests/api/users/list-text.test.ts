import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserAdminResponseDto } from '#lib/contract/users/user.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
const Listed = z.array(z.looseObject({ id: z.string() }));
const accountCount = 150;

const text = fc
	.oneof(
		fc.string({ unit: 'binary', maxLength: 60 }),
		fc.constantFrom(
			'',
			'\\',
			'\\N',
			'\\x01',
			'\u0001',
			'"',
			'\t',
			'\n',
			'\r',
			'\b\f\v',
			'\u2028',
			'\u007f',
			'ä😀',
			'\\t'
		)
	)
	.filter((value) => !value.includes('\0') && value.isWellFormed());
const licenses = [
	{ licenseKey: 'IMCL-AAAA', activationKey: 'x', activatedAt: '2026-01-01T00:00:00.000Z' },
	{ licenseKey: 5 },
	{},
	[],
	'text',
	null
];

/** Creates users with unusual values in every column. */
async function makeOddities(): Promise<void> {
	const texts = fc.sample(fc.tuple(text, text, text, text), { numRuns: accountCount, seed: 7 });
	for (const [index, [name, profileImagePath, storageLabel, oauthId]] of texts.entries()) {
		const { id } = await api.accounts.makeUser({
			name,
			profileImagePath,
			storageLabel: index % 3 === 0 ? null : `${index}${storageLabel}`,
			oauthId,
			isAdmin: index % 5 === 0,
			shouldChangePassword: index % 2 === 0,
			avatarColor: index % 4 === 0 ? 'blue' : index % 4 === 1 ? 'no colour' : null,
			quotaSizeInBytes: index % 3 === 0 ? null : BigInt(index) * 2n ** 40n,
			quotaUsageInBytes: BigInt(index) ** 6n - 5n,
			status: ['active', 'removing', 'deleted', 'odd'][index % 4] ?? '',
			deletedAt: index % 4 === 2 ? new Date(index) : null
		});
		const license = licenses[index % (licenses.length + 1)];
		if (license !== undefined)
			await api.prisma.$executeRaw`
				INSERT INTO "user_metadata" ("userId", "key", "value")
				VALUES (${id}::uuid, 'license', ${JSON.stringify(license)}::jsonb)`;
	}
	await api.prisma.$executeRaw`
		UPDATE "user" SET "profileChangedAt" = '2026-07-21 10:00:00.123456+00',
			"createdAt" = '1969-12-31 23:59:59.9999+00'::timestamptz + (random() * 1e6)::int * interval '1.000001 second'`;
	await api.prisma.$executeRaw`
		UPDATE "user" SET "profileChangedAt" = '2026-07-21 10:00:00+00', "createdAt" = '1999-02-28 00:00:00.1+00'
		WHERE "isAdmin"`;
}

describe('GET /admin/users, which builds its JSON text itself,', () => {
	beforeAll(makeOddities);

	it('returns exactly the same for every user as GET /admin/users/{id}', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', '/api/admin/users?withDeleted=true', { token });
		const listed = Listed.parse(reply.body);
		expect(listed).toHaveLength(accountCount + 1);
		for (const account of listed) {
			const single = await api.request('GET', `/api/admin/users/${account.id}`, { token });
			expect(JSON.stringify(account)).toBe(single.text);
			expect(UserAdminResponseDto.strict().parse(account)).toEqual(account);
		}
		expect(reply.text).toBe(JSON.stringify(listed));
	});
});
