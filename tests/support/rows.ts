import { entrancesOf, isOperationId, operations, type OperationId } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';

/** One HTTP method and path of an operation; a row with a twin has two. */
export interface RestRow {
	readonly id: OperationId;
	readonly row: Operation;
	readonly method: string;
	/** The path with nonexistent IDs. */
	readonly path: string;
}

export const unknownId = '00000000-0000-4000-a000-000000000000';

/** Every REST method and path of the contract. */
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

/** Every operation that requires a credential, with its access rule. */
export const guardedRows: readonly (RestRow & { readonly access: Guarded })[] = restRows.flatMap((rest) => {
	const { access } = rest.row;
	return 'public' in access ? [] : [{ ...rest, access }];
});
