/** The part of a request that is read. */
interface RequestWithUrl {
	readonly url: URL;
}

/** Returns the position in a paged list from the URL. */
export const readPosition = ({ url }: RequestWithUrl) => ({
	after: url.searchParams.get('after') ?? undefined,
	before: url.searchParams.get('before') ?? undefined
});

const positionParameters = ['show', 'after', 'before'];

/** Returns the path back to the position and filter of the paged list that a form was sent from. */
export function pathBackToList({ url }: RequestWithUrl, path: string): string {
	const position = [...url.searchParams].filter(([name]) => positionParameters.includes(name));
	return position.length === 0 ? path : `${path}?${new URLSearchParams(position).toString()}`;
}
