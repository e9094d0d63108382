import type { RequestEvent } from '@sveltejs/kit';
import { operationByEntrance, operations, type OperationId } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';
import { pageRuleOf } from '#lib/contract/pages.ts';

/** The operation of a request, and every access rule that it must satisfy. */
export interface Asked {
	readonly operation: OperationId | null;
	readonly access: readonly Access[];
	readonly isOpenWhileMustChange: boolean;
	readonly isOpenInMaintenance: boolean;
}

/** Whether a path serves programs rather than pages. */
export const isApi = ({ url }: RequestEvent): boolean =>
	/^\/(?:api|healthz|readyz|custom\.css)$|^\/(?:api|\.well-known)\//i.test(url.pathname);

/** Returns what a request is for; null for anything the contract doesn't declare. */
export function whatIsAsked(event: RequestEvent): Asked | null {
	const method = event.request.method === 'HEAD' ? 'GET' : event.request.method;
	const route = event.route.id ?? '';
	if (isApi(event)) return askedOf(operationByEntrance.get(`${method} ${route}`));
	const page = pageRuleOf(route);
	if (!page || (method !== 'GET' && method !== 'POST')) return null;
	const asked = {
		operation: null,
		access: [page.access],
		isOpenWhileMustChange: page.whileMustChange === true,
		isOpenInMaintenance: page.maintenance === true
	};
	if (method === 'GET') return asked;
	const action = askedOf(operationByEntrance.get(`${route}?/${actionName(event.url)}`));
	// After an action, SvelteKit runs the page's own load, so its data must be allowed too.
	return (
		action && {
			operation: action.operation,
			access: [...asked.access, ...action.access],
			isOpenWhileMustChange: asked.isOpenWhileMustChange && action.isOpenWhileMustChange,
			isOpenInMaintenance: asked.isOpenInMaintenance && action.isOpenInMaintenance
		}
	);
}

function askedOf(id: OperationId | undefined): Asked | null {
	if (id === undefined) return null;
	const row: Operation = operations[id];
	return {
		operation: id,
		access: [row.access],
		isOpenWhileMustChange: row.whileMustChange === true || 'public' in row.access,
		isOpenInMaintenance: row.maintenance === true
	};
}

/** Reads the action's name like SvelteKit does. */
const actionName = (url: URL): string =>
	[...url.searchParams.keys()].find((key) => key.startsWith('/'))?.slice(1) ?? 'default';
