import type { RequestEvent } from '@sveltejs/kit';
import { operationByEntryPoint, operations, type OperationId } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';
import { findPageRule } from '#lib/contract/pages.ts';

/** The operation of a request, and every access rule that it must satisfy. */
export interface RequestedOperation {
	readonly operation: OperationId | null;
	readonly access: readonly Access[];
	readonly isOpenWhileMustChange: boolean;
	readonly isOpenInMaintenance: boolean;
}

/** Whether a path serves programs rather than pages. */
export const isApi = ({ url }: RequestEvent): boolean =>
	/^\/(?:api|healthz|readyz|custom\.css)$|^\/(?:api|\.well-known)\//i.test(url.pathname);

/** Returns what a request is for; null for anything the contract doesn't declare. */
export function findRequestedOperation(event: RequestEvent): RequestedOperation | null {
	const method = event.request.method === 'HEAD' ? 'GET' : event.request.method;
	const route = event.route.id ?? '';
	if (isApi(event)) return toRequestedOperation(operationByEntryPoint.get(`${method} ${route}`));
	const page = findPageRule(route);
	if (!page || (method !== 'GET' && method !== 'POST')) return null;
	const requested = {
		operation: null,
		access: [page.access],
		isOpenWhileMustChange: page.whileMustChange === true,
		isOpenInMaintenance: page.maintenance === true
	};
	if (method === 'GET') return requested;
	const action = toRequestedOperation(operationByEntryPoint.get(`${route}?/${actionName(event.url)}`));
	// After an action, SvelteKit runs the page's own load, so its data must be allowed too.
	return (
		action && {
			operation: action.operation,
			access: [...requested.access, ...action.access],
			isOpenWhileMustChange: requested.isOpenWhileMustChange && action.isOpenWhileMustChange,
			isOpenInMaintenance: requested.isOpenInMaintenance && action.isOpenInMaintenance
		}
	);
}

function toRequestedOperation(id: OperationId | undefined): RequestedOperation | null {
	if (id === undefined) return null;
	const operation: Operation = operations[id];
	return {
		operation: id,
		access: [operation.access],
		isOpenWhileMustChange: operation.whileMustChange === true || 'public' in operation.access,
		isOpenInMaintenance: operation.maintenance === true
	};
}

/** Reads the action's name like SvelteKit does. */
const actionName = (url: URL): string =>
	[...url.searchParams.keys()].find((key) => key.startsWith('/'))?.slice(1) ?? 'default';
