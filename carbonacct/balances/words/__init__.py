"""The words of one table: mapping files and layouts, and what joined or foreign words say."""
