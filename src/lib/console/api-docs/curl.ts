/** A call of the interface, to be shown or copied. */
export interface ApiCall {
	readonly method: string;
	/** The whole address. */
	readonly url: string;
	/** JSON text. */
	readonly body?: string | null | undefined;
}

/** Stands where the caller's own key goes. */
export const keyPlaceholder = 'YOUR_API_KEY';

/** Writes a call as a command line that can be pasted into a shell. */
export function curlOf({ method, url, body = null }: ApiCall): string {
	const lines = [
		`curl ${method === 'GET' ? '' : `-X ${method} `}${quote(url)}`,
		`-H ${quote(`x-api-key: ${keyPlaceholder}`)}`,
		...(body === null ? [] : [`-H ${quote('content-type: application/json')}`, `-d ${quote(body)}`])
	];
	return lines.join(' \\\n  ');
}

/** Quotes text for a POSIX shell: within single quotes nothing but the single quote itself is special. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
