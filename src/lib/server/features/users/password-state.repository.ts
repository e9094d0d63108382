import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { ignoreMissingRow } from '#lib/server/platform/database/prisma-errors.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Who set a password and when it expires; stored beside Immich's `user` table, never in it. */
export interface PasswordState {
	readonly setBy: string | null;
	readonly setAt: Date;
	readonly expiresAt: Date | null;
	readonly demandedAt: Date | null;
	/** False if an older session set it without a password or a recent sign-in. */
	readonly isProven: boolean;
}

type NewState = Pick<PasswordState, 'setBy'> & Partial<Pick<PasswordState, 'setAt' | 'expiresAt' | 'isProven'>>;

/** Reads and writes rows of `immich_auth.password_state`. */
export class PasswordStateRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Returns what we know about a user’s password; null if nothing is recorded. */
	find(userId: string): Promise<PasswordState | null> {
		return this.#prisma.passwordState.findUnique({
			where: { userId },
			select: { setBy: true, setAt: true, expiresAt: true, demandedAt: true, isProven: true }
		});
	}

	/** Records a new password and clears any required change of the old one. */
	async recordSet(
		userId: string,
		{ setBy, setAt = new Date(), expiresAt = null, isProven = true }: NewState
	): Promise<void> {
		const state = { setBy, setAt, expiresAt, isProven, demandedBy: null, demandedAt: null };
		const write = this.#prisma.passwordState.upsert({
			where: { userId },
			create: { userId, ...state },
			update: state,
			select: { userId: true }
		});
		await ignoreMissingRow(write);
	}

	/** Records that a password change is required, regardless of who set the password. */
	async recordRequirement(userId: string, demandedBy: string | null): Promise<void> {
		const demand = { demandedBy, demandedAt: new Date() };
		const write = this.#prisma.passwordState.upsert({
			where: { userId },
			create: { userId, setBy: null, ...demand },
			update: demand,
			select: { userId: true }
		});
		await ignoreMissingRow(write);
	}

	/** Records that the current password can stay: no change is required, and it no longer expires. */
	async clearRequirement(userId: string): Promise<void> {
		const settled = { demandedBy: null, demandedAt: null, expiresAt: null };
		await this.#prisma.passwordState.updateMany({ where: { userId }, data: settled });
	}
}
