"""After the draw (抽取之后): the calendar of visits, results, deadlines, figures. No files, no clock, no SQL."""
