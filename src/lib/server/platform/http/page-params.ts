/** The part of a request that is read. */
interface Asked {
	readonly url: URL;
}

/** Returns the position in a paged list from the URL. */
export const placeOf = ({ url }: Asked) => ({
	after: url.searchParams.get('after') ?? undefined,
	before: url.searchParams.get('before') ?? undefined
});

const placeNames = ['show', 'after', 'before'];

/** Returns the path back to the position and filter of the paged list that a form was sent from. */
export function samePlace({ url }: Asked, path: string): string {
	const place = [...url.searchParams].filter(([name]) => placeNames.includes(name));
	return place.length === 0 ? path : `${path}?${new URLSearchParams(place).toString()}`;
}
