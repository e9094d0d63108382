import { storedForms } from '#lib/contract/email.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { EmailOrigin } from './email-origin.repository.ts';
import { ignoreMissingRow } from '#lib/server/platform/database/prisma-errors.ts';
import type { SignInUser } from './sign-in-user.ts';
import { insertUser, isOtherForm } from './immich-user.sql.ts';
import type { ImmichDatabase } from '#lib/server/platform/database/immich-tables.ts';
import { TakenError, withTakenErrors } from './taken-error.ts';
import { selectColumns, toRow, type UserRow } from './user-row.sql.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

export { TakenError };
export type { SignInUser, UserRow };

/** The hashes a sign-in compares; only methods named for them return these. */
export interface UserSecrets {
	readonly id: string;
	readonly passwordHash: string | null;
	readonly pinCodeHash: string | null;
}

/** The user who has an email, and how they sign in. */
export interface EmailHolder {
	readonly id: string;
	/** As stored: the domain may be in ASCII. */
	readonly email: string;
	readonly deletedAt: Date | null;
	readonly isAdmin: boolean;
	readonly oauthId: string;
	readonly hasPassword: boolean;
}

export interface UserChanges {
	readonly email?: string;
	/** Who vouches for the email; defaults to the user alone. */
	readonly emailOrigin?: EmailOrigin;
	readonly name?: string;
	readonly passwordHash?: string;
	readonly pinCodeHash?: string | null;
	readonly oauthId?: string;
	readonly isAdmin?: boolean;
	readonly shouldChangePassword?: boolean;
	readonly avatarColor?: string | null;
	readonly storageLabel?: string | null;
	readonly quotaSizeInBytes?: bigint | null;
	readonly status?: string;
	readonly deletedAt?: Date | null;
}
export type NewUser = UserChanges & {
	readonly email: string;
	readonly emailOrigin: EmailOrigin;
	readonly name: string;
};

export class UserRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #immich: ImmichDatabase | null;

	constructor({ prisma, immich = null }: Pick<Connection, 'prisma' | 'immich'>) {
		this.#prisma = prisma;
		this.#immich = immich;
	}

	get #columns() {
		return selectColumns(this.#immich);
	}

	/** Serializes everything that can take an admin or an admin's way to sign in; held until the transaction ends. */
	async lockAdmins(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.admins'))`;
	}

	/** Whether an admin exists who isn’t deleted, other than `exceptId`. */
	async hasAdmin(exceptId?: string): Promise<boolean> {
		const where = { isAdmin: true, deletedAt: null, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) };
		return (await this.#prisma.user.findFirst({ where, select: { id: true } })) !== null;
	}

	/** Returns the ID of the oldest admin who isn’t deleted; null if there is none. */
	async findFirstAdmin(): Promise<string | null> {
		const [row] = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT "id" FROM "user" WHERE "isAdmin" AND "deletedAt" IS NULL ORDER BY "createdAt", "id" LIMIT 1`;
		return row?.id ?? null;
	}

	/** Finds a user; soft-deleted ones only on request. */
	async find(id: string, { isDeletedShown = false } = {}): Promise<UserRow | null> {
		const [row] = await this.#prisma.$queryRaw<UserRow[]>`
			SELECT account."id", account."email", account."name", account."createdAt", account."updatedAt",
				account."deletedAt", account."profileImagePath", account."profileChangedAt", account."avatarColor",
				account."isAdmin", account."shouldChangePassword", account."oauthId", account."storageLabel",
				account."quotaSizeInBytes", account."quotaUsageInBytes", account."status",
				coalesce((to_jsonb(account) ->> 'clusterGroupId')::uuid, account."id") AS "clusterGroupId",
				license."value" AS "license"
			FROM "user" AS account
			LEFT JOIN "user_metadata" AS license ON license."userId" = account."id" AND license."key" = 'license'
			WHERE account."id" = ${id}::uuid AND (${isDeletedShown} OR account."deletedAt" IS NULL)`;
		return row ?? null;
	}

	/** Finds the user who signs in with an email; deleted users don't. */
	async findForSignIn(email: string): Promise<SignInUser | null> {
		const [row] = await this.#prisma.$queryRaw<SignInUser[]>`
			SELECT account."id", account."email", account."name", account."isAdmin", account."profileImagePath",
				account."shouldChangePassword", nullif(account."password", '') AS "passwordHash",
				state."expiresAt" AS "passwordExpiresAt", onboarding."value" AS "onboarding"
			FROM "user" AS account
			LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
			LEFT JOIN "user_metadata" AS onboarding
				ON onboarding."userId" = account."id" AND onboarding."key" = 'onboarding'
			WHERE account."email" = ANY(${storedForms(email)}::text[]) AND account."deletedAt" IS NULL
			ORDER BY account."email" = ${email} DESC LIMIT 1`;
		return row ?? null;
	}

	/** Finds the user with an email, including deleted ones. */
	async findByEmail(email: string): Promise<EmailHolder | null> {
		const select = { id: true, email: true, deletedAt: true, isAdmin: true, oauthId: true, password: true };
		const rows = await this.#prisma.user.findMany({ where: { email: { in: storedForms(email) } }, select });
		const row = rows.find((one) => one.email === email) ?? rows[0];
		if (!row) return null;
		const { password, ...holder } = row;
		return { ...holder, hasPassword: Boolean(password) };
	}

	/**
	 * Lists those of these labels that other users have, in lower case: some file systems treat `Ann` and `ann` as the same
	 * folder. In a transaction, no label can be taken until it ends.
	 */
	async listTakenLabels(labels: readonly string[], holderId: string | null = null): Promise<string[]> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.labels'))`;
		const rows = await this.#prisma.$queryRaw<{ label: string }[]>`
			SELECT lower("storageLabel") AS "label" FROM "user"
			WHERE lower("storageLabel") IN (SELECT lower(wanted) FROM unnest(${[...labels]}::text[]) AS wanted)
				AND (${holderId}::uuid IS NULL OR "id" <> ${holderId}::uuid)`;
		return rows.map(({ label }) => label);
	}

	/** Reads the hashes of a user that is not deleted. */
	async findSecrets(id: string): Promise<UserSecrets | null> {
		const select = { id: true, password: true, pinCode: true };
		const row = await this.#prisma.user.findUnique({ where: { id, deletedAt: null }, select });
		return row && { id: row.id, passwordHash: row.password || null, pinCodeHash: row.pinCode || null };
	}

	/** Reads the hashes and locks them until the transaction ends. */
	async lockSecrets(id: string): Promise<UserSecrets | null> {
		await this.lockPassword(id);
		return this.findSecrets(id);
	}

	/** Reads the password hash and locks it until the transaction ends; null for a deleted user. */
	async lockPassword(id: string): Promise<string | null> {
		const [row] = await this.#prisma.$queryRaw<{ password: string | null }[]>`
			SELECT "password" FROM "user" WHERE "id" = ${id}::uuid AND "deletedAt" IS NULL FOR UPDATE`;
		return row?.password || null;
	}

	/** Serializes changes of a user's dependent rows until the transaction ends. */
	async lock(id: string): Promise<void> {
		await this.#prisma.$executeRaw`SELECT 1 FROM "user" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`;
	}

	/** Keeps a user from being restored or changed during removal, until the transaction ends. */
	async lockForRemoval(id: string): Promise<void> {
		await this.#prisma.$executeRaw`SELECT 1 FROM "user" WHERE "id" = ${id}::uuid FOR UPDATE`;
	}

	/** Returns which of these IDs exist, including deleted users that can be restored. */
	async listExisting(ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
		return rows.map(({ id }) => id);
	}

	/** Lists the users that are not deleted, newest first; all of them, or one. */
	async listActive(id?: string): Promise<UserRow[]> {
		const rows = await this.#prisma.user.findMany({
			where: { deletedAt: null, ...(id === undefined ? {} : { id }) },
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			relationLoadStrategy: 'join',
			select: this.#columns
		});
		return rows.map(toRow);
	}

	/** @throws {TakenError} if the email or storage label is taken */
	async create(user: NewUser): Promise<UserRow> {
		const { passwordHash, pinCodeHash, emailOrigin: origin, ...data } = user;
		await this.#refuseOtherForm(data.email, null);
		const createdAt = new Date();
		await this.#refuseTakenLabel(data.storageLabel, null);
		return withTakenErrors(async () => {
			const written = {
				...data,
				emailOrigin: { create: { email: data.email, origin, since: createdAt } },
				...(passwordHash === undefined ? {} : { password: passwordHash }),
				...(pinCodeHash === undefined ? {} : { pinCode: pinCodeHash })
			};
			if (isOtherForm(this.#immich)) {
				const id = await insertUser(this.#prisma, this.#immich, { email: data.email, name: data.name, createdAt });
				if (id === null) throw new TakenError('email');
				return toRow(await this.#prisma.user.update({ where: { id }, data: written, select: this.#columns }));
			}
			const row = await this.#prisma.user.create({
				data: { ...written, createdAt, clusterGroup: { create: {} } },
				select: this.#columns
			});
			return toRow(row);
		});
	}

	/** @throws {TakenError} if the email or storage label is taken */
	async update(id: string, changes: UserChanges): Promise<UserRow> {
		const { passwordHash, pinCodeHash, emailOrigin: origin = 'self', ...data } = changes;
		const { email } = changes;
		if (email !== undefined) await this.#refuseOtherForm(email, id);
		const vouched = email === undefined ? null : { email, origin, since: new Date() };
		await this.#refuseTakenLabel(data.storageLabel, id);
		return withTakenErrors(async () => {
			const write = this.#prisma.user.update({
				where: { id },
				data: {
					...data,
					...(vouched && { emailOrigin: { upsert: { create: vouched, update: vouched } } }),
					...(passwordHash === undefined ? {} : { password: passwordHash }),
					...(pinCodeHash === undefined ? {} : { pinCode: pinCodeHash })
				},
				select: this.#columns
			});
			return toRow(await ignoreMissingRow(write));
		});
	}

	/**
	 * Looks for the email with its domain in ASCII, which the index can't detect.
	 * @throws {TakenError} if another user has it
	 */
	async #refuseOtherForm(email: string, ownId: string | null): Promise<void> {
		const forms = storedForms(email).filter((form) => form !== email);
		if (forms.length === 0) return;
		const where = { email: { in: forms }, ...(ownId === null ? {} : { id: { not: ownId } }) };
		if (await this.#prisma.user.findFirst({ where, select: { id: true } })) throw new TakenError('email');
	}

	async #refuseTakenLabel(label: string | null | undefined, holderId: string | null): Promise<void> {
		if (label && (await this.listTakenLabels([label], holderId)).length > 0) throw new TakenError('storageLabel');
	}

	/** Replaces the profile image, or removes it for an empty path, and returns the previous path; null if nothing changes. */
	async replaceProfileImage(id: string, path: string): Promise<{ previousPath: string; changedAt: Date } | null> {
		const [row] = await this.#prisma.$queryRaw<{ previousPath: string; changedAt: Date }[]>`
			UPDATE "user" AS account SET "profileImagePath" = ${path}, "profileChangedAt" = clock_timestamp()
			FROM (
				SELECT "id", "profileImagePath" FROM "user" WHERE "id" = ${id}::uuid AND "deletedAt" IS NULL FOR UPDATE
			) AS previous
			WHERE account."id" = previous."id" AND previous."profileImagePath" <> ${path}
			RETURNING previous."profileImagePath" AS "previousPath", account."profileChangedAt" AS "changedAt"`;
		return row ?? null;
	}

	/** Sets a first profile image; returns false if there already is one or the user doesn't exist. */
	async setFirstProfileImage(id: string, path: string): Promise<boolean> {
		const where = { id, deletedAt: null, profileImagePath: '' };
		const data = { profileImagePath: path, profileChangedAt: new Date() };
		return (await this.#prisma.user.updateMany({ where, data })).count === 1;
	}

	/** Reads the names of these users, including deleted ones. */
	async listNamed(ids: readonly string[]): Promise<{ id: string; name: string; email: string }[]> {
		const select = { id: true, name: true, email: true };
		return this.#prisma.user.findMany({ where: { id: { in: [...ids] } }, select });
	}

	/** Removes the row and everything that depends on it, including the face group if no one else is in it. */
	async remove(id: string): Promise<void> {
		const removal = this.#prisma.user.delete({ where: { id }, select: { clusterGroupId: true } });
		const { clusterGroupId } = await ignoreMissingRow(removal);
		await this.#prisma.clusterGroup.deleteMany({ where: { id: clusterGroupId, users: { none: {} } } });
	}
}
