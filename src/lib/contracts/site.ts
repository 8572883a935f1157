/** What a site may be called: it stands in addresses, keys and files. */
export const SITE_NAME = /^[a-z0-9][a-z0-9._-]{0,60}$/i;
