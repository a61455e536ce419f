// The language of this catalogue, for dates, numbers and lists.

export const locale = "en-GB";
