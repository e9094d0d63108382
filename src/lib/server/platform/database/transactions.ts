import { overloaded } from '../errors.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Connection, PoolConnection, Store } from './store.ts';

/** How long a transaction can wait for a connection, and then run, in milliseconds. */
const transactionLimits = { maxWait: 5_000, timeout: 10_000 };

/** Prisma's codes for a transaction that timed out, and for one that lost a conflict with another. */
const overloadCodes = ['P2028', 'P2034'];

/**
 * Translates the errors of a transaction that got no connection or lost a conflict.
 * @throws {AppError} 503 for these
 */
async function refuseWhenOverloaded<Result>(change: Promise<Result>): Promise<Result> {
	try {
		return await change;
	} catch (error) {
		if (error instanceof Prisma.PrismaClientKnownRequestError && overloadCodes.includes(error.code))
			throw overloaded(2);
		throw error;
	}
}

/** Builds the repositories over the pool, and over the connection of each transaction. */
export const withTransactions = <Repositories extends object, Direct extends object>(
	connection: PoolConnection,
	repositoriesOver: (connection: Connection) => Repositories,
	direct: Direct
): Store<Repositories, Direct> => ({
	...repositoriesOver(connection),
	...direct,
	transaction: (change, limits) =>
		refuseWhenOverloaded(
			connection.prisma.$transaction((prisma) => change(repositoriesOver({ ...connection, prisma })), {
				...transactionLimits,
				...limits
			})
		)
});
