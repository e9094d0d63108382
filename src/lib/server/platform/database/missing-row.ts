import { userNotFound } from '../errors.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Prisma's codes for a missing row and for a reference to one. */
const missingRowCodes = ['P2025', 'P2003'];

/**
 * Runs a write to a user who may have been deleted since being looked up.
 * @throws {AppError} 400 if so
 */
export async function ignoreMissingRow<Result>(write: Promise<Result>): Promise<Result> {
	try {
		return await write;
	} catch (error) {
		if (error instanceof Prisma.PrismaClientKnownRequestError && missingRowCodes.includes(error.code))
			throw userNotFound();
		throw error;
	}
}
