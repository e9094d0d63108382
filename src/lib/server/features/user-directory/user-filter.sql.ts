import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import type { UserFilter } from '#lib/contract/user-directory/user-directory.ts';
import { mustChangePassword as mustChangePasswordText } from '#lib/server/features/users/index.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

export const mustChangePassword = Prisma.raw(mustChangePasswordText);

/** Whether a user can sign in with a password: the same rule as AuthService.login. It sees `account` and `state`. */
export const canSignInByPassword = (isPasswordLoginOn: boolean) => Prisma.sql`(${isPasswordLoginOn}::boolean
	AND coalesce(account."password", '') <> '' AND (state."expiresAt" IS NULL OR state."expiresAt" > now()))`;

/** The sign-in methods enabled in the settings. */
export interface SignInWays {
	readonly isPasswordLoginOn: boolean;
	/** The enabled providers. */
	readonly providerIds: readonly string[];
}

/** Whether a user can sign in with a password or one of the providers. It sees `account` and `state`. */
export const canSignIn = ({ isPasswordLoginOn, providerIds }: SignInWays) => Prisma.sql`
	(${canSignInByPassword(isPasswordLoginOn)} OR ${isLinkedTo(providerIds)})`;

/** The tables the conditions refer to. */
export const userRows = Prisma.sql`"user" AS account
	LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
	LEFT JOIN immich_auth.user_activity AS activity ON activity."userId" = account."id"`;

/** Returns the SQL condition of a filter, over `userRows`. */
export function buildUserCondition({ q, role, status, signIn, quota, seen }: UserFilter): Prisma.Sql {
	const conditions = [statusCondition(status)];
	if (role) conditions.push(Prisma.sql`account."isAdmin" = ${role === 'admin'}`);
	if (signIn) conditions.push(signIn === 'oauth' ? isLinked : Prisma.sql`NOT ${isLinked}`);
	if (quota) conditions.push(Prisma.sql`account."quotaUsageInBytes" > account."quotaSizeInBytes"`);
	if (seen) conditions.push(wasNeverSeen);
	if (q !== '') conditions.push(searchCondition(q.toLowerCase()));
	return Prisma.join(conditions, ' AND ');
}

/** Whether a filter reads only the user's own row, through an index, so that counting all matches is cheap. */
export const isCheaplyCounted = ({ q, status, seen }: UserFilter): boolean =>
	seen === undefined &&
	(status === undefined || status === 'all' || status === 'deleted') &&
	(q === '' || q.length >= 3);

/** Written so that the planner can estimate the rows; with `activity."lastSeenAt" IS NULL` it expects one. */
export const wasNeverSeen = Prisma.sql`NOT EXISTS (SELECT FROM immich_auth.user_activity AS seen
	WHERE seen."userId" = account."id" AND seen."lastSeenAt" IS NOT NULL)`;

export const isActiveAdmin = Prisma.sql`account."isAdmin" AND account."deletedAt" IS NULL`;

/** Linked to any provider, by Immich or by this server. */
export const isLinked = Prisma.sql`(account."oauthId" <> '' OR EXISTS (
	SELECT FROM immich_auth.oauth_identity AS identity WHERE identity."userId" = account."id"))`;

/** Linked to one of these providers. Immich's own link counts as one to the first. */
export const isLinkedTo = (providerIds: readonly string[]) => Prisma.sql`(
	(account."oauthId" <> '' AND ${firstProviderId} = ANY(${[...providerIds]}::varchar[])) OR EXISTS (
		SELECT FROM immich_auth.oauth_identity AS identity
		WHERE identity."userId" = account."id" AND identity."providerId" = ANY(${[...providerIds]}::varchar[])))`;

/** Both halves have a trigram index. A UUID is looked up by ID only. */
function searchCondition(q: string): Prisma.Sql {
	if (uuidPattern.test(q)) return Prisma.sql`account."id" = ${q}::uuid`;
	const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
	return Prisma.sql`(lower(account."name") LIKE ${pattern} OR account."email" LIKE ${pattern})`;
}

function statusCondition(status: UserFilter['status']): Prisma.Sql {
	switch (status) {
		case 'all':
			return Prisma.sql`TRUE`;
		case 'deleted':
			return Prisma.sql`account."deletedAt" IS NOT NULL`;
		case 'expired':
			return Prisma.sql`account."deletedAt" IS NULL AND ${mustChangePassword} AND state."expiresAt" <= now()`;
		case 'mustChange':
			return Prisma.sql`account."deletedAt" IS NULL AND ${mustChangePassword}`;
		case 'active':
			return Prisma.sql`account."deletedAt" IS NULL AND NOT ${mustChangePassword}`;
		case undefined:
			return Prisma.sql`account."deletedAt" IS NULL`;
	}
}
