import type { Pool } from 'pg';
import type { Vault } from '../secrets/vault.ts';
import type { ImmichDatabase } from './immich-tables.ts';
import type { Prisma, PrismaClient } from './database.ts';

/** What repositories are built over: the pool's connections, or in `prisma` one transaction's. */
export interface Connection {
	readonly prisma: Prisma.TransactionClient | PrismaClient;
	readonly pool: Pool;
	readonly vault: Vault;
	/** A running Immich's database; null or absent for one of the server's own. */
	readonly immich?: ImmichDatabase | null;
}

/** The pool's connections, outside of any transaction. */
export interface PoolConnection extends Connection {
	readonly prisma: PrismaClient;
}

/** The class of each repository, by its name. */
export type RepositoryClasses = Readonly<Record<string, new (connection: never) => object>>;

export type RepositoriesOf<Classes extends RepositoryClasses> = {
	readonly [Name in keyof Classes]: InstanceType<Classes[Name]>;
};

/** Repositories, and transactions over them. Those in `Direct` use connections of their own, outside of any transaction. */
export type Store<Repositories, Direct = unknown> = Repositories &
	Direct & {
		/** Runs `change` in one transaction. */
		transaction<Result>(
			change: (repositories: Repositories) => Promise<Result>,
			limits?: { readonly timeout: number }
		): Promise<Result>;
	};
