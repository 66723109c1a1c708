"""A Salesforce org: OAuth, REST, SOQL and Bulk API 2.0 queries."""
