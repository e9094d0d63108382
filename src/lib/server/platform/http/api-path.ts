import { operations } from '#lib/contract/index.ts';
import type { Operation } from '#lib/contract/operation.ts';

const isParameter = (segment: string): boolean => segment.startsWith('[') && !segment.includes('+');

/** SvelteKit writes a leading dot in a segment as `[x+2e]`. */
const splitSegments = (path: string): string[] => path.replaceAll('[x+2e]', '.').split('/');

/** At the first segment where only one of two routes has a parameter, the fixed name comes first, as in SvelteKit's router. */
function bySpecificity(one: readonly string[], other: readonly string[]): number {
	const at = one.findIndex((segment, index) => isParameter(segment) !== isParameter(other[index] ?? ''));
	return at === -1 ? 0 : Number(isParameter(one[at] ?? '')) - Number(isParameter(other[at] ?? ''));
}

const routesByLength = new Map<number, string[][]>();
const paths = Object.values<Operation>(operations).flatMap(({ rest }) => rest?.split(' ')[1] ?? []);
for (const path of new Set(paths)) {
	const segments = splitSegments(path);
	routesByLength.set(segments.length, [...(routesByLength.get(segments.length) ?? []), segments]);
}
for (const routes of routesByLength.values()) routes.sort(bySpecificity);

const fits = (route: readonly string[], sent: readonly string[]): boolean =>
	route.every((segment, index) => {
		const part = sent[index] ?? '';
		return isParameter(segment) ? part !== '' : segment.toLowerCase() === part.toLowerCase();
	});

/** Finds the route of a path in any case and with or without a trailing slash. */
const findSegments = (sent: readonly string[]): readonly string[] | undefined =>
	routesByLength.get(sent.length)?.find((segments) => fits(segments, sent));

const routeIds = new Map([...new Set(paths)].map((id) => [splitSegments(id).join('/'), id]));

/** Returns the route ID of the contract's operations with this path; null if there are none. */
export function findApiRoute(path: string): string | null {
	const segments = findSegments(path.replace(/\/$/, '').split('/'));
	return (segments && routeIds.get(segments.join('/'))) ?? null;
}

/**
 * Rewrites a request's URL to the contract's spelling of the route: Immich's router ignores case and one trailing slash. It runs
 * before anything else reads the URL, so that the route that is checked is the route that runs. Parameters stay unchanged, and so
 * does a URL that matches no route.
 */
export function canonicalApiPath(address: string): string {
	const end = address.indexOf('?');
	const path = end === -1 ? address : address.slice(0, end);
	if (!/[A-Z]|\/$/.test(path)) return address;
	const sent = path.replace(/\/$/, '').split('/');
	const route = findSegments(sent);
	if (!route) return address;
	const canonical = route.map((segment, index) => (isParameter(segment) ? sent[index] : segment)).join('/');
	return canonical + address.slice(path.length);
}
