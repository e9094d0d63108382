import { operationByEntryPoint, operations } from '#lib/contract/index.ts';
import type { Operation } from '#lib/contract/operation.ts';
import { findPageRule } from '#lib/contract/pages.ts';
import type { BuiltRoute } from '#lib/server/app/lifecycle.ts';
import type { RequestTarget } from '#lib/server/features/upstream/index.ts';
import { findApiRoute } from '#lib/server/platform/http/api-path.ts';

/** Who serves a request in front of an Immich. */
export type Serving =
	| { readonly by: 'us' }
	| { readonly by: 'redirect'; readonly location: string }
	| {
			readonly by: 'upstream';
			/** Whether it needs no credential. */
			readonly isPublic: boolean;
	  };

const us: Serving = { by: 'us' };
const open: Serving = { by: 'upstream', isPublic: true };
const closed: Serving = { by: 'upstream', isPublic: false };

/** Public routes of Immich that the contract doesn't have. */
const publicRoutes = new Set(['GET /api/server/theme']);

/** Our own files, and pages' data. */
const ownFiles = '/_auth/';
const dataSuffix = /\/__data\.json$/;

/** Decides who serves a request; unknown operations and pages are Immich's. */
export function findServer(sentMethod: string, target: RequestTarget, routes: readonly BuiltRoute[]): Serving {
	const method = sentMethod === 'HEAD' ? 'GET' : sentMethod;
	const route = findApiRoute(target.path);
	if (target.isApi) {
		const id = route === null ? undefined : operationByEntryPoint.get(`${method} ${route}`);
		if (id === undefined) return publicRoutes.has(`${method} ${target.path.toLowerCase()}`) ? open : closed;
		const { upstream, access }: Operation = operations[id];
		if (upstream === undefined) return us;
		return 'public' in access ? open : closed;
	}
	if (route !== null || target.path.startsWith(ownFiles)) return us;
	return findPageServer(method, target, routes);
}

function findPageServer(method: string, { decodedPath, query }: RequestTarget, routes: readonly BuiltRoute[]): Serving {
	const path = decodedPath.replace(dataSuffix, '') || '/';
	const route = routes.find(({ pattern }) => pattern.test(path));
	if (!route) return open;
	// The root has no rule of its own: it leads to the home page, which Immich has too.
	const upstream = path === '/' ? true : findPageRule(route.id)?.upstream;
	// Providers redirect there after linking, no matter which of the two pages started it.
	const isLinking = route.id === '/user-settings' && query.has('state');
	if (upstream === undefined || isLinking) return us;
	return upstream === true ? open : method === 'GET' ? { by: 'redirect', location: upstream } : open;
}
