import { listEntryPoints, isOperationId, operations, type OperationId } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';

/** One HTTP method and path of an operation; a row with a twin has two. */
export interface RestOperation {
	readonly id: OperationId;
	readonly operation: Operation;
	readonly method: string;
	/** The path with nonexistent IDs. */
	readonly path: string;
}

export const unknownId = '00000000-0000-4000-a000-000000000000';

/** Every REST method and path of the contract. */
export const restOperations: readonly RestOperation[] = Object.entries<Operation>(operations).flatMap(
	([id, operation]) =>
		isOperationId(id)
			? listEntryPoints(operation)
					.filter((entrance) => !entrance.startsWith('/'))
					.map((entrance) => {
						const [method = '', route = ''] = entrance.split(' ');
						return { id, operation, method, path: route.replace('[x+2e]', '.').replaceAll(/\[\w+\]/g, unknownId) };
					})
			: []
);

type Guarded = Exclude<Access, { readonly public: true }>;

/** Every operation that requires a credential, with its access rule. */
export const guardedOperations: readonly (RestOperation & { readonly access: Guarded })[] = restOperations.flatMap(
	(rest) => {
		const { access } = rest.operation;
		return 'public' in access ? [] : [{ ...rest, access }];
	}
);
