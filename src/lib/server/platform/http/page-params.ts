/** What is read of a request. */
interface Asked {
	readonly url: URL;
}

/** The place in a paged list that an address names. */
export const placeOf = ({ url }: Asked) => ({
	after: url.searchParams.get('after') ?? undefined,
	before: url.searchParams.get('before') ?? undefined
});

const placeNames = ['show', 'after', 'before'];

/** Leads back to the place of a paged list at which a form was sent, and to what was shown of the list. */
export function samePlace({ url }: Asked, path: string): string {
	const place = [...url.searchParams].filter(([name]) => placeNames.includes(name));
	return place.length === 0 ? path : `${path}?${new URLSearchParams(place).toString()}`;
}
