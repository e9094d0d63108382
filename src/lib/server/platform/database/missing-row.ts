import { userNotFound } from '../errors.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Prisma's codes for a row that is not there, and for a reference to one. */
const goneCodes = ['P2025', 'P2003'];

/** Says that the account is not there where it was removed between being looked up and being written. */
export async function unlessGone<Result>(write: Promise<Result>): Promise<Result> {
	try {
		return await write;
	} catch (error) {
		if (error instanceof Prisma.PrismaClientKnownRequestError && goneCodes.includes(error.code)) throw userNotFound();
		throw error;
	}
}
