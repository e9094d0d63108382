/** One operation in the list of the interface. */
export interface ApiEntry {
	readonly id: string;
	readonly method: string;
	readonly path: string;
	readonly summary: string;
	readonly area: string;
	/** What an API key must be granted; null where nobody needs a credential. */
	readonly permission: string | null;
	readonly isAdminOnly: boolean;
}

/** A parameter, or a field of a body; one inside of another is named with its path, `folders.enabled`. */
export interface ApiField {
	readonly name: string;
	/** In words: ‘text’, ‘whole number or null’, ‘list of text’. */
	readonly type: string;
	readonly isRequired: boolean;
	/** In words: ‘at least 8 characters’. */
	readonly bounds: readonly string[];
	/** The values that may be chosen from; none where anything goes. */
	readonly options: readonly string[];
}

export interface ApiParameter extends ApiField {
	readonly place: 'path' | 'query';
}

export interface ApiStatus {
	readonly status: string;
	readonly meaning: string;
}

/** All there is to read about one operation. */
export interface ApiOperation extends ApiEntry {
	/** Another method that does the same. */
	readonly twin: string | null;
	readonly parameters: readonly ApiParameter[];
	readonly body: {
		readonly isRequired: boolean;
		readonly fields: readonly ApiField[];
		/** JSON to begin with. */
		readonly example: string;
	} | null;
	readonly reply: { readonly type: string; readonly fields: readonly ApiField[] } | null;
	readonly statuses: readonly ApiStatus[];
}
