/** What is read of a request. */
interface Asked {
	readonly url: URL;
}

/** The place in a paged list that an address names. */
export const placeOf = ({ url }: Asked) => ({
	after: url.searchParams.get('after') ?? undefined,
	before: url.searchParams.get('before') ?? undefined
});

/** Leads back to the place of a paged list at which a form was sent. */
export function samePlace({ url }: Asked, path: string): string {
	const place = [...url.searchParams].filter(([name]) => name === 'after' || name === 'before');
	return place.length === 0 ? path : `${path}?${new URLSearchParams(place).toString()}`;
}
