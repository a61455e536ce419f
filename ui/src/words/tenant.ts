// Words of the log-in's first step: the tenant.

export const logInToUserfront = "Log in to Userfront";
export const whichTenant = "Which tenant do you belong to?";
export const tenantId = "Tenant ID";
export const tenantIdHint = "Your organisation's ID, such as demo1234.";
export const advanced = "Advanced";
export const apiUrl = "API URL";
export const domain = "Domain";
export const domainHint = "Only for live mode: the site that the tenant lists as live, such as example.com.";
export const continueButton = "Continue";
export const backToAccounts = "Back to accounts";
export const continueAs = "Continue as";
export const tenantLabel = "Tenant";
