import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { accessRules, type ObjectPermission } from './access-rules.ts';
import { relations, type Subject } from './relations.sql.ts';

type Relation = (ids: Prisma.Sql, subject: Subject) => Prisma.Sql;

/** Finds which objects someone has a permission for. */
export class AccessRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Returns those of the IDs that the subject has the permission for, in one query regardless of their number. */
	async listAllowed(permission: ObjectPermission, ids: readonly string[], subject: Subject): Promise<string[]> {
		const { object, relations: permitted } = accessRules[permission];
		const ofObject: Readonly<Record<string, Relation>> = relations[object];
		// A shared link has no rights of its creator's but those that it shows.
		const selected = permitted.filter((name) => (name === 'link') === (subject.linkId !== null));
		const selects = selected.flatMap((name) => ofObject[name] ?? []);
		if (selects.length === 0 || ids.length === 0) return [];
		const wanted = Prisma.sql`(SELECT "ids" FROM wanted)::uuid[]`;
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			WITH wanted AS (SELECT ${[...ids]}::uuid[] AS "ids")
			SELECT DISTINCT "id" FROM (${Prisma.join(
				selects.map((select) => select(wanted, subject)),
				' UNION ALL '
			)}) AS allowed`;
		return rows.map(({ id }) => id);
	}
}
