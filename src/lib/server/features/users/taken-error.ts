import { readUniqueViolation } from '#lib/server/platform/database/prisma-errors.ts';

/** Thrown if an email or storage label is taken by another user, including deleted ones. */
export class TakenError extends Error {
	override readonly name = 'TakenError';
	readonly field: 'email' | 'storageLabel';

	constructor(field: 'email' | 'storageLabel') {
		super(`${field} is taken`);
		this.field = field;
	}
}

/**
 * Translates the violation of a unique constraint of `user`.
 * @throws {TakenError} if the email or storage label is taken
 */
export async function withTakenErrors<Result>(write: () => Promise<Result>): Promise<Result> {
	try {
		return await write();
	} catch (error) {
		const constraint = readUniqueViolation(error);
		if (constraint === undefined) throw error;
		throw new TakenError(/storage/i.test(constraint) ? 'storageLabel' : 'email');
	}
}
