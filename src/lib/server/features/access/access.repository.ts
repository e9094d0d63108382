import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { accessRules, type ObjectPermission } from './access-rules.ts';
import { type MemberRelation, preludes, type Relation, relations, type Subject } from './relations.sql.ts';

/** Selects what any of the relations permits; the roles of an album's members with one look at them. */
function joinRelations(found: readonly (Relation | MemberRelation)[], ids: Prisma.Sql, subject: Subject): Prisma.Sql {
	const isMember = (relation: Relation | MemberRelation): relation is MemberRelation => typeof relation !== 'function';
	const selects = found.flatMap((relation) => (isMember(relation) ? [] : relation(ids, subject)));
	const members = found.filter(isMember);
	const roles = members.map(({ role }) => Prisma.sql`${role}::album_user_role_enum`);
	const [first] = members;
	if (first) selects.push(first.select(ids, subject, Prisma.join(roles)));
	return Prisma.join(selects, ' UNION ALL ');
}

/** Finds which objects someone has a permission for. */
export class AccessRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Returns those of the IDs that the subject has the permission for, in one query regardless of their number. */
	async listAllowed(permission: ObjectPermission, ids: readonly string[], subject: Subject): Promise<string[]> {
		const { object, relations: permitted } = accessRules[permission];
		const ofObject: Readonly<Record<string, Relation | MemberRelation>> = relations[object];
		// A shared link has no rights of its creator's but those that it shows.
		const selected = permitted.filter((name) => (name === 'link') === (subject.linkId !== null));
		const found = selected.flatMap((name) => ofObject[name] ?? []);
		if (found.length === 0 || ids.length === 0) return [];
		const wanted = Prisma.sql`(SELECT "ids" FROM wanted)::uuid[]`;
		const prelude = preludes[object]?.(wanted);
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			WITH wanted AS (SELECT ${[...ids]}::uuid[] AS "ids") ${prelude ? Prisma.sql`, ${prelude}` : Prisma.empty}
			SELECT DISTINCT "id" FROM (${joinRelations(found, wanted, subject)}) AS allowed`;
		return rows.map(({ id }) => id);
	}
}
