/** One operation in the API reference. */
export interface ApiEntry {
	readonly id: string;
	readonly method: string;
	readonly path: string;
	readonly summary: string;
	readonly area: string;
	/** Permission an API key needs; null if no credential is required. */
	readonly permission: string | null;
	readonly isAdminOnly: boolean;
}

/** A parameter or body field; nested ones are named by path, `folders.enabled`. */
export interface ApiField {
	readonly name: string;
	/** Readable type: ‘text’, ‘whole number or null’, ‘list of text’. */
	readonly type: string;
	readonly isRequired: boolean;
	/** Readable limits: ‘at least 8 characters’. */
	readonly bounds: readonly string[];
	/** The allowed values; empty if there is no restriction. */
	readonly options: readonly string[];
}

export interface ApiParameter extends ApiField {
	readonly place: 'path' | 'query';
}

export interface ApiStatus {
	readonly status: string;
	readonly meaning: string;
}

/** Full description of one operation. */
export interface ApiOperation extends ApiEntry {
	/** Another method that does the same. */
	readonly twin: string | null;
	readonly parameters: readonly ApiParameter[];
	readonly body: {
		readonly isRequired: boolean;
		readonly fields: readonly ApiField[];
		/** Example JSON to start from. */
		readonly example: string;
	} | null;
	readonly reply: { readonly type: string; readonly fields: readonly ApiField[] } | null;
	readonly statuses: readonly ApiStatus[];
}
