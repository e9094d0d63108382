/** An API request to show or copy. */
export interface ApiCall {
	readonly method: string;
	/** The full URL. */
	readonly url: string;
	/** JSON text. */
	readonly body?: string | null | undefined;
}

/** Placeholder for the caller's own key. */
export const keyPlaceholder = 'YOUR_API_KEY';

/** Formats a request as a curl command for a shell. */
export function formatCurl({ method, url, body = null }: ApiCall): string {
	const lines = [
		`curl ${method === 'GET' ? '' : `-X ${method} `}${quote(url)}`,
		`-H ${quote(`x-api-key: ${keyPlaceholder}`)}`,
		...(body === null ? [] : [`-H ${quote('content-type: application/json')}`, `-d ${quote(body)}`])
	];
	return lines.join(' \\\n  ');
}

/** Quotes text for a POSIX shell: within single quotes only the single quote itself is special. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
