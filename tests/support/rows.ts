import { entrancesOf, isOperationId, operations, type OperationId } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';

/** One way into an operation by HTTP; a row with a twin has two. */
export interface RestRow {
	readonly id: OperationId;
	readonly row: Operation;
	readonly method: string;
	/** The path with ids that exist nowhere. */
	readonly path: string;
}

export const unknownId = '00000000-0000-4000-a000-000000000000';

/** Every REST entrance of the contract. */
export const restRows: readonly RestRow[] = Object.entries<Operation>(operations).flatMap(([id, row]) =>
	isOperationId(id)
		? entrancesOf(row)
				.filter((entrance) => !entrance.startsWith('/'))
				.map((entrance) => {
					const [method = '', route = ''] = entrance.split(' ');
					return { id, row, method, path: route.replace('[x+2e]', '.').replaceAll(/\[\w+\]/g, unknownId) };
				})
		: []
);

type Guarded = Exclude<Access, { readonly public: true }>;

/** Every entrance that asks for a credential, with what it asks for. */
export const guardedRows: readonly (RestRow & { readonly access: Guarded })[] = restRows.flatMap((rest) => {
	const { access } = rest.row;
	return 'public' in access ? [] : [{ ...rest, access }];
});
