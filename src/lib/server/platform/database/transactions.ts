import { overloaded } from '../errors.ts';
import { getSqlState } from './prisma-errors.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Connection, PoolConnection, RepositoriesOf, RepositoryClasses, Store } from './store.ts';

/** How long a transaction can wait for a connection, and then run, in milliseconds. */
const transactionLimits = { maxWait: 5_000, timeout: 10_000 };

/** Prisma's codes for a transaction that timed out, and for one that lost a conflict with another. */
const overloadCodes = ['P2028', 'P2034'];
/** The same for statements of ours, whose errors Prisma doesn't name: a conflict, and a deadlock. */
const conflictStates = ['40001', '40P01'];

/**
 * Translates the errors of a transaction that got no connection or lost a conflict.
 * @throws {AppError} 503 for these
 */
async function refuseWhenOverloaded<Result>(change: Promise<Result>): Promise<Result> {
	try {
		return await change;
	} catch (error) {
		const isConflict =
			error instanceof Prisma.PrismaClientKnownRequestError &&
			(overloadCodes.includes(error.code) || conflictStates.includes(getSqlState(error)));
		if (isConflict) throw overloaded(2);
		throw error;
	}
}

/** Builds each repository when it is first used: a transaction needs only a few of them. */
function buildOnUse<Classes extends RepositoryClasses>(
	classes: Classes,
	connection: Connection
): RepositoriesOf<Classes> {
	const built: Record<string, object | undefined> = {};
	const repositories = new Proxy(built, {
		get: (_, name: string) => {
			const Repository = classes[name];
			// Those that need the pool's connection are never listed for a transaction.
			return (built[name] ??= Repository && new Repository(connection as never));
		}
	});
	return repositories as RepositoriesOf<Classes>;
}

/** Gives the repositories over the pool, and over the connection of each transaction. */
export const withTransactions = <Shared extends RepositoryClasses, Direct extends RepositoryClasses>(
	connection: PoolConnection,
	shared: Shared,
	direct: Direct
): Store<RepositoriesOf<Shared>, RepositoriesOf<Direct>> =>
	Object.assign(buildOnUse<Shared & Direct>({ ...shared, ...direct }, connection), {
		transaction: <Result>(
			change: (repositories: RepositoriesOf<Shared>) => Promise<Result>,
			limits?: { readonly timeout: number }
		) =>
			refuseWhenOverloaded(
				connection.prisma.$transaction((prisma) => change(buildOnUse(shared, { ...connection, prisma })), {
					...transactionLimits,
					...limits
				})
			)
	});
