// The checks' entries, one a file check_NAME.cc. Private to checks.cc and those files.
#pragma once

#include "heddle/data/audit/check.h"

namespace heddle::data::audit {

CheckEntry FilesCheck();
CheckEntry FeaturesCheck();
CheckEntry RowsCheck();
CheckEntry TimestampsCheck();
CheckEntry FiniteCheck();
CheckEntry ConstantCheck();
CheckEntry ClippedCheck();
CheckEntry StatisticsCheck();
CheckEntry TasksCheck();
CheckEntry VideoLengthsCheck();
CheckEntry VideoFormatCheck();
CheckEntry PicturesCheck();
CheckEntry FrozenCheck();
CheckEntry LabelsCheck();

}  // namespace heddle::data::audit
